import { isUuid } from '@dofs/orders/order-id';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';
import { MalformedInputError, parseWorkflowInput } from '@dofs/orders/parse-workflow';
import type { WorkflowInput } from '@dofs/orders/workflow';
import { each, groupsOf, onBehalfOf, STATES_AT_ONCE } from './each.ts';
import { olderDay } from './older-day.ts';
import { secondsBefore, type BadEnd, type Executions, type SweepRun } from './ports.ts';

/** How far back every run looks, in seconds: twice the longest interval of runs. */
const RECENT_SECONDS = 2 * 86_400;

/** An order that we accepted, and whose execution's input we can't read any more. */
export class UnreadableOrderError extends Error {
  override readonly name = 'UnreadableOrderError';
  constructor(executionArn: string) {
    super(`the input of ${executionArn} is no order that this version can read`);
  }
}

/**
 * Finds orders that were accepted and whose execution then ended without a trace of them in the table (aborted by an
 * operator, timed out, or unable to write to anything for all its retries), and hands them to dlq-handler to be
 * recorded FAILED. Not at once: the workflow's own last message may be on its way there, and knows the reason better.
 *
 * Each run looks at the latest two days and at one older day, for what ended while the sweep was off.
 */
export async function recordLostExecutions(run: SweepRun): Promise<void> {
  const { executions } = run;
  if (executions === undefined) {
    return;
  }
  const to = secondsBefore(run.now(), run.settings.stuckAfterSeconds);
  const from = secondsBefore(to, RECENT_SECONDS);
  for (const span of [{ from, to }, olderDay(run.now(), from)]) {
    for await (const badEnds of executions.endedBadly(span)) {
      run.checkTime();
      const ours = badEnds.filter(({ name }) => isUuid(name));
      for (const group of groupsOf(run, ours, STATES_AT_ONCE)) {
        await recordUnknown(run, executions, group);
      }
    }
  }
}

async function recordUnknown(
  run: SweepRun,
  executions: Executions,
  badEnds: readonly BadEnd[],
): Promise<void> {
  const known = await run.tables.getOrderStates(badEnds.map(({ name }) => name));
  const knownIds = new Set(known.map(({ order_id }) => order_id));
  const lost = badEnds.filter(({ name }) => !knownIds.has(name));
  await each(run, lost, (badEnd) =>
    onBehalfOf({ order_id: badEnd.name, execution_arn: badEnd.executionArn }, () =>
      record(run, executions, badEnd),
    ),
  );
}

async function record(run: SweepRun, executions: Executions, badEnd: BadEnd): Promise<void> {
  const input = await inputOf(executions, badEnd);
  if (input === undefined) {
    if (executions.isIssued(badEnd.name)) {
      throw new UnreadableOrderError(badEnd.executionArn);
    }
    run.log.info('execution without an order ended badly', { execution_arn: badEnd.executionArn });
    return;
  }
  const order = newOrder({ ...input, execution_arn: badEnd.executionArn, created_at: badEnd.startedAt });
  const { order_id, correlation_id } = order;
  const failure = {
    source: 'storage',
    reason: `the order was never stored, its execution ended ${badEnd.status}`,
  } as const;
  await onBehalfOf({ order_id, correlation_id }, () =>
    run.queues.deadLetter({ ...messageOf(order), failure }),
  );
  run.tally.counts.lostExecutions += 1;
  run.log.warn('order of a lost execution handed to dlq-handler', { order_id, correlation_id });
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
