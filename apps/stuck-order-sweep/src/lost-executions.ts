import { isUuid } from '@dofs/orders/order-id';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';
import { MalformedInputError, parseWorkflowInput } from '@dofs/orders/parse-workflow';
import type { WorkflowInput } from '@dofs/orders/workflow';
import { each } from './each.ts';
import { secondsBefore, type BadEnd, type Executions, type JobReport, type SweepPorts } from './ports.ts';

/** Executions that ended longer ago, in seconds, were for earlier runs to see: twice the longest interval of runs. */
const LOOK_BACK_SECONDS = 2 * 86_400;

/** An order that we accepted, and whose execution's input we can't read any more. */
export class UnreadableOrderError extends Error {
  override readonly name = 'UnreadableOrderError';
  constructor(executionArn: string) {
    super(`the input of ${executionArn} is no order that this version can read`);
  }
}

/** There are more executions that ended badly than a run can look at. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  constructor() {
    super('not all executions that ended badly were looked at: raise sweepTimeoutSeconds');
  }
}

/**
 * Finds orders that were accepted and whose execution then ended without a trace of them in the table (aborted by an
 * operator, timed out, or unable to write to anything for all its retries), and hands them to dlq-handler to be
 * recorded FAILED. Not at once: the workflow's own last message may be on its way there, and knows the reason better.
 */
export async function recordLostExecutions(ports: SweepPorts): Promise<JobReport> {
  const { executions } = ports;
  if (executions === undefined) {
    return { counts: {}, errors: [] };
  }
  const to = secondsBefore(ports.now(), ports.settings.stuckAfterSeconds);
  const from = secondsBefore(to, LOOK_BACK_SECONDS);
  const errors: unknown[] = [];
  let lostExecutions = 0;
  for await (const badEnds of executions.endedBadly({ from, to })) {
    if (!ports.hasTime()) {
      errors.push(new OutOfTimeError());
      break;
    }
    const ours = badEnds.filter(({ name }) => isUuid(name));
    const known = await ports.tables.getOrders(ours.map(({ name }) => name));
    const knownIds = new Set(known.map(({ order_id }) => order_id));
    const lost = ours.filter(({ name }) => !knownIds.has(name));
    const recorded = await each(lost, (badEnd) => record(ports, executions, badEnd));
    errors.push(...recorded.errors);
    lostExecutions += recorded.results.filter(Boolean).length;
  }
  return { counts: { lostExecutions }, errors };
}

async function record(ports: SweepPorts, executions: Executions, badEnd: BadEnd): Promise<boolean> {
  const input = await inputOf(executions, badEnd);
  if (input === undefined) {
    if (executions.isIssued(badEnd.name)) {
      throw new UnreadableOrderError(badEnd.executionArn);
    }
    ports.log.info('execution without an order ended badly', { execution_arn: badEnd.executionArn });
    return false;
  }
  const order = newOrder({ ...input, execution_arn: badEnd.executionArn, created_at: badEnd.startedAt });
  await ports.queues.deadLetter({
    ...messageOf(order),
    failure: {
      source: 'storage',
      reason: `the order was never stored, its execution ended ${badEnd.status}`,
    },
  });
  const { order_id, correlation_id } = order;
  ports.log.warn('order of a lost execution handed to dlq-handler', { order_id, correlation_id });
  return true;
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
