import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import type { Context } from 'aws-lambda';
import { repairOlderRows, repairRecentRows } from './failed-rows.ts';
import { recordLostExecutions } from './lost-executions.ts';
import type { SweepCounts, SweepPorts, SweepRun, Tally } from './ports.ts';
import { sweepStuckOrders } from './stuck-orders.ts';
import { sweepErrorFields } from './sweep-errors.ts';
import { timeShares } from './time-shares.ts';

export type StuckOrderSweepPorts = SweepPorts & FunctionBasics;
export type StuckOrderSweepHandler = (
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SweepCounts>;

interface Job {
  readonly does: (run: SweepRun) => Promise<void>;
  readonly what: string;
  /** Of the time that is left when it begins: what one leaves of its share is for those after it. */
  readonly share: number;
}

/** The weightiest. */
const REQUEUE: Job = { does: sweepStuckOrders, what: 'stuck orders', share: 1 / 3 };
const OTHERS: readonly Job[] = [
  { does: recordLostExecutions, what: 'executions that ended badly', share: 1 / 2 },
  { does: repairRecentRows, what: 'failed orders', share: 1 / 2 },
  { does: repairOlderRows, what: 'failed orders of an older day', share: 1 },
];

/**
 * The scheduled sweep: no order stays PROCESSING for ever, and both tables agree. Its jobs don't depend on
 * each other: what one can't do doesn't keep the others from being done, or what was done from being counted.
 * @returns (the handler) what the run did, for whoever invokes it by hand
 * @throws (the handler) AggregateError at the end, so that the function's error alarm sees it; the next run goes on
 */
export function createHandler(ports: StuckOrderSweepPorts): StuckOrderSweepHandler {
  return async (_event, context) => {
    const tally: Tally = {
      counts: { requeued: 0, givenUp: 0, lostExecutions: 0, rowsCompleted: 0, rowsRemoved: 0 },
      errors: [],
    };
    const beginShare = timeShares(context);
    const perform = async ({ does, what, share }: Job): Promise<void> => {
      const run = { ...ports, tally, checkTime: beginShare(share, what) };
      await does(run).catch((error: unknown) => tally.errors.push(error));
    };
    await perform(REQUEUE);
    // At once: an alarm hangs on it, and the other jobs may not come to their end.
    ports.countMetrics({ [METRIC_NAMES.ordersRequeued]: tally.counts.requeued });
    for (const job of OTHERS) {
      await perform(job);
    }
    const { counts, errors } = tally;
    ports.log.info('sweep done', { ...counts });
    for (const error of errors) {
      ports.log.error('the sweep could not do all', sweepErrorFields(error));
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, `${errors.length} errors in the sweep: ${String(errors[0])}`);
    }
    return counts;
  };
}
