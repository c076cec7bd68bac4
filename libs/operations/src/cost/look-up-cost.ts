import { priceOf, type Cost } from './price-usage.ts';
import { isLookUp, sharedUsage, total, type UsageLine } from './usage.ts';

/** What a client's mean look-up of an order uses and costs. */
export interface LookUpCost {
  readonly lookUps: number;
  readonly usage: readonly UsageLine[];
  /** US dollars a look-up. */
  readonly cost: Cost;
}

/** @returns undefined where nobody looked an order up */
export function lookUpCost(usages: Readonly<Record<string, readonly UsageLine[]>>): LookUpCost | undefined {
  const lines = Object.values(usages).flat().filter(isLookUp);
  const lookUps = total(lines, 'apiRequests');
  if (lookUps === 0) {
    return undefined;
  }
  const usage = sharedUsage(lines, lookUps);
  return { lookUps, usage, cost: priceOf(usage) };
}
