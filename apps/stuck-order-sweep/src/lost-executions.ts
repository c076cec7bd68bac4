import { completeFailure } from '@dofs/order-tables/complete-failure';
import { isUuid } from '@dofs/orders/order-id';
import { newOrder } from '@dofs/orders/new-order';
import { MalformedInputError, parseWorkflowInput } from '@dofs/orders/parse-workflow';
import type { WorkflowInput } from '@dofs/orders/workflow';
import { each } from './each.ts';
import { secondsBefore, type BadEnd, type Executions, type SweepPorts } from './ports.ts';

/** Executions started longer ago, in seconds, were for earlier runs to see. */
const LOOK_BACK_SECONDS = 3_600;

/**
 * Records orders that were accepted and whose execution then ended without a trace of them in the table: aborted
 * by an operator, timed out, or unable to write to anything for all its retries.
 * @returns how many
 * @throws AggregateError at the end, of what the ports threw
 */
export async function recordLostExecutions(ports: SweepPorts): Promise<number> {
  const { executions } = ports;
  if (executions === undefined) {
    return 0;
  }
  const lookBack = Math.max(LOOK_BACK_SECONDS, 2 * ports.settings.stuckAfterSeconds);
  const badEnds = await executions.endedBadlySince(secondsBefore(ports.now(), lookBack));
  const ours = badEnds.filter(({ name }) => isUuid(name));
  const known = await ports.tables.getOrders(ours.map(({ name }) => name));
  const knownIds = new Set(known.map(({ order_id }) => order_id));
  const lost = ours.filter(({ name }) => !knownIds.has(name));
  const recorded = await each(lost, (badEnd) => record(ports, executions, badEnd));
  return recorded.filter(Boolean).length;
}

async function record(ports: SweepPorts, executions: Executions, badEnd: BadEnd): Promise<boolean> {
  const input = await inputOf(executions, badEnd);
  if (input === undefined) {
    ports.log.info('execution without an order ended badly', { execution_arn: badEnd.executionArn });
    return false;
  }
  const order = newOrder({ ...input, execution_arn: badEnd.executionArn, created_at: badEnd.startedAt });
  const transition = await ports.tables.upsertFailed(order, {
    at: ports.now(),
    source: 'storage',
    reason: `the order was never stored, its execution ended ${badEnd.status}`,
  });
  const attempt = { orderId: order.order_id, attempt: order.attempts };
  const result = await completeFailure(ports.tables, transition, attempt, JSON.stringify(input));
  const { order_id, correlation_id } = order;
  ports.log.warn('order of a lost execution recorded', { order_id, correlation_id, result });
  return result === 'failed-now';
}

/** Undefined for an execution that was started by hand with something else, or is known no more. */
async function inputOf(
  executions: Executions,
  { executionArn, name }: BadEnd,
): Promise<WorkflowInput | undefined> {
  const text = await executions.input(executionArn);
  if (text === undefined) {
    return undefined;
  }
  try {
    const input = parseWorkflowInput(JSON.parse(text));
    return input.order_id === name ? input : undefined;
  } catch (error) {
    if (error instanceof MalformedInputError) {
      return undefined;
    }
    throw error;
  }
}
