import { PRICES } from './prices.ts';

/**
 * X-Ray's default rule records the first request of each second and 5 % of the others
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html).
 */
const RESERVOIR_PER_SECOND = 1;
const SAMPLED_PART = 0.05;
/**
 * Traces of a recorded order: one of the request with its workflow, one of its fulfilment, which a queue links to it
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-tracelinking.html). Cautious: a batch has one together.
 */
const TRACES_PER_ORDER = 2;

const PRICE = TRACES_PER_ORDER * PRICES.perUnit.traces;

/** US dollars for the traces of a mean order, where so many orders come each second. */
export function tracesCost(ordersPerSecond: number): number {
  const reserved = Math.min(RESERVOIR_PER_SECOND, ordersPerSecond);
  const recorded = reserved + SAMPLED_PART * (ordersPerSecond - reserved);
  return (PRICE * recorded) / ordersPerSecond;
}

/**
 * The orders a second from which on their traces cost no more than this.
 * @param allowance US dollars an order
 * @returns 0 where they cost no more at any rate, Infinity where they always do
 */
export function rateForTracesCost(allowance: number): number {
  const recordedPart = allowance / PRICE;
  if (recordedPart >= 1) {
    return 0;
  }
  return recordedPart <= SAMPLED_PART
    ? Infinity
    : (RESERVOIR_PER_SECOND * (1 - SAMPLED_PART)) / (recordedPart - SAMPLED_PART);
}
