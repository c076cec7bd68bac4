import type { UsageLine } from './usage.ts';
import { underWorkflowType } from './workflow-type.ts';

/**
 * What one order used in the design that this one replaced, for comparison: a STANDARD workflow with seven
 * transitions, messages fetched and deleted one by one, and after a failure a read and three writes. Where the
 * replaced design isn't known (log bytes, function times, item sizes), it gets what this one needs.
 */
export function originalDesign(ours: readonly UsageLine[], outcome: 'FULFILLED' | 'FAILED'): UsageLine[] {
  const kept = underWorkflowType(ours, 'STANDARD', 0).filter(
    ({ service }) => !['states', 'sqs', 'dynamodb', 'lambda'].includes(service),
  );
  const functions = ours.filter(({ service }) => service === 'lambda');
  const billed = functions.reduce((sum, line) => sum + (line.amounts['gbSeconds'] ?? 0), 0);
  const writes = outcome === 'FAILED' ? 3 + 1 : 2;
  const line = (
    service: string,
    operation: string,
    count: number,
    amounts: Record<string, number>,
  ): UsageLine => ({ service, resource: 'original', operation, count, amounts });
  return [
    ...kept,
    line('lambda', 'Invoke', 4, { invocations: 4, gbSeconds: billed }),
    line('states', 'execution', 7, { transitions: 7 }),
    line('sqs', 'all', 3, { requests: 3 }),
    line('dynamodb', 'writes', writes, { writeUnits: writes }),
    ...(outcome === 'FAILED' ? [line('dynamodb', 'reads', 1, { readUnits: 1 })] : []),
  ];
}
