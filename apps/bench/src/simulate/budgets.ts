import { perOrder, type Limit, type Stretch } from './limits.ts';

/** What is left of a limit in the current second. */
interface Budget {
  readonly limit: Limit;
  left: number;
}

/** The limits as they are used up, second by second. */
export interface Budgets {
  /**
   * Begins a second.
   * @param worked whole seconds for which the queue's consumers have been at work; undefined: they are not
   */
  begin(worked: number | undefined): void;
  /** Takes as many of the `wanted` orders along a stretch as every limit allows. */
  take(stretch: Stretch, wanted: number): number;
}

/** Budgets of which every bucket is full. */
export function budgetsOf(limits: readonly Limit[]): Budgets {
  const budgets: readonly Budget[] = limits.map((limit) => ({ limit, left: limit.bucket }));
  const met = {
    arrive: meeting(budgets, 'arrive'),
    start: meeting(budgets, 'start'),
    store: meeting(budgets, 'store'),
    settle: meeting(budgets, 'settle'),
  };
  return {
    begin: (worked) => {
      for (const budget of budgets) {
        budget.left = Math.min(budget.left, budget.limit.bucket) + given(budget.limit, worked);
      }
    },
    take: (stretch, wanted) => {
      let taken = wanted;
      for (const { budget, needed } of met[stretch]) {
        taken = Math.min(taken, budget.left / needed);
      }
      for (const { budget, units } of met[stretch]) {
        budget.left = Math.max(0, budget.left - taken * units);
      }
      return taken;
    },
  };
}

/** A budget that an order meets on a stretch: the units that it takes there, and those that must be left for it. */
interface Meeting {
  readonly budget: Budget;
  readonly units: number;
  readonly needed: number;
}

/**
 * Orders arrive only as far as a limit has units for their whole way: a limit that throttles does so on every stretch
 * alike, and no more get in than it carries.
 */
function meeting(budgets: readonly Budget[], stretch: Stretch): Meeting[] {
  return budgets.flatMap((budget) => {
    const units = budget.limit.takes[stretch];
    if (units === undefined) {
      return [];
    }
    return [{ budget, units, needed: stretch === 'arrive' ? perOrder(budget.limit) : units }];
  });
}

function given({ value, ramp }: Limit, worked: number | undefined): number {
  if (ramp === undefined) {
    return value;
  }
  return worked === undefined ? 0 : Math.min(value, ramp.atFirst + ramp.perSecond * worked);
}
