import { originalDesign } from './original-design.ts';
import { priceOf, type Cost } from './price-usage.ts';
import { isLookUp, meanUsage, type UsageLine } from './usage.ts';
import { underWorkflowType } from './workflow-type.ts';

/** An EXPRESS execution's length where only STANDARD ones were seen, in milliseconds: cautious, most are shorter. */
const ASSUMED_EXPRESS_MS = 1_000;

/** What a mean order of one kind uses and costs. */
export interface OrderCosts {
  readonly outcome: 'FULFILLED' | 'FAILED';
  readonly orders: number;
  readonly usage: readonly UsageLine[];
  /** US dollars an order, under each workflow type. */
  readonly standard: Cost;
  readonly express: Cost;
  readonly original: Cost;
}

/**
 * Costs of the orders by their outcome, without what clients used who looked them up. Orders of which the meter saw a
 * part only, as after a restart, are left out: see `isWhole`.
 * @param usages what each order used
 * @param statuses how each order ended; orders that are still under way are left out
 */
export function orderCosts(
  usages: Readonly<Record<string, readonly UsageLine[]>>,
  statuses: ReadonlyMap<string, string>,
): OrderCosts[] {
  return (['FULFILLED', 'FAILED'] as const).flatMap((outcome) => {
    const lines = Object.entries(usages)
      .filter(([orderId, usage]) => statuses.get(orderId) === outcome && isWhole(usage))
      .map(([, usage]) => usage.filter((line) => !isLookUp(line)));
    if (lines.length === 0) {
      return [];
    }
    const usage = meanUsage(lines);
    const standard = underWorkflowType(usage, 'STANDARD', ASSUMED_EXPRESS_MS);
    const express = underWorkflowType(usage, 'EXPRESS', ASSUMED_EXPRESS_MS);
    return [
      {
        outcome,
        orders: lines.length,
        usage,
        standard: priceOf(standard),
        express: priceOf(express),
        original: priceOf(originalDesign(usage, outcome)),
      },
    ];
  });
}

/** Whether the meter saw an order's workflow being started and run, and so all that came after. */
export function isWhole(usage: readonly UsageLine[]): boolean {
  return ['StartExecution', 'execution'].every((wanted) =>
    usage.some(({ service, operation }) => service === 'states' && operation === wanted),
  );
}
