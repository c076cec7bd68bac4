import type { UsageLine } from '../cost/usage.ts';

/** A line of the meter, of one use. */
export function usageLine(
  service: string,
  resource: string,
  operation: string,
  amounts: UsageLine['amounts'],
): UsageLine {
  return { service, resource, operation, count: 1, amounts };
}
