import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { errorFields } from '@dofs/lambda-kit/log';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import type { Context } from 'aws-lambda';
import { repairFailedRows } from './failed-rows.ts';
import { recordLostExecutions } from './lost-executions.ts';
import type { JobReport, SweepCounts, SweepPorts } from './ports.ts';
import { sweepStuckOrders } from './stuck-orders.ts';

export type StuckOrderSweepPorts = Omit<SweepPorts, 'hasTime'> & FunctionBasics;
export type StuckOrderSweepHandler = (
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SweepCounts>;

/** What the end of a run takes at the most, in milliseconds. */
const TIME_TO_END_MS = 5_000;

/** The one whose work has no bound comes last. */
const JOBS = [sweepStuckOrders, repairFailedRows, recordLostExecutions];
const NOTHING: SweepCounts = { requeued: 0, givenUp: 0, lostExecutions: 0, rowsCompleted: 0, rowsRemoved: 0 };

/**
 * The scheduled sweep: no order stays PROCESSING for ever, and both tables agree. Its three jobs don't depend on
 * each other: what one can't do doesn't keep the others from being done, or what was done from being counted.
 * @returns (the handler) what the run did, for whoever invokes it by hand
 * @throws (the handler) AggregateError at the end, so that the function's error alarm sees it; the next run goes on
 */
export function createHandler(basics: StuckOrderSweepPorts): StuckOrderSweepHandler {
  return async (_event, context) => {
    const ports = { ...basics, hasTime: () => context.getRemainingTimeInMillis() > TIME_TO_END_MS };
    const reports: JobReport[] = [];
    for (const job of JOBS) {
      reports.push(await job(ports).catch((error: unknown) => ({ counts: {}, errors: [error] })));
    }
    const counts = reports.reduce<SweepCounts>((sum, report) => ({ ...sum, ...report.counts }), NOTHING);
    ports.log.info('sweep done', { ...counts });
    ports.countMetrics({ [METRIC_NAMES.ordersRequeued]: counts.requeued });
    const errors = reports.flatMap((report) => report.errors);
    for (const error of errors) {
      ports.log.error('the sweep could not do all', errorFields(error));
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, `${errors.length} errors in the sweep: ${String(errors[0])}`);
    }
    return counts;
  };
}
