import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { errorFields } from '@dofs/lambda-kit/log';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import { repairFailedRows } from './failed-rows.ts';
import { recordLostExecutions } from './lost-executions.ts';
import type { SweepPorts } from './ports.ts';
import { sweepStuckOrders } from './stuck-orders.ts';

export type StuckOrderSweepPorts = SweepPorts & FunctionBasics;

/** What a run did, for whoever invokes it by hand. */
export interface SweepReport {
  readonly requeued: number;
  readonly failed: number;
  readonly lostExecutionsRecorded: number;
  readonly rowsCompleted: number;
  readonly rowsRemoved: number;
}

/**
 * The scheduled sweep: no order stays PROCESSING for ever, and both tables agree. Its three jobs don't depend on
 * each other: what one can't do doesn't keep the others from being done.
 * @throws (the handler) AggregateError at the end, so that the function's error alarm sees it; the next run goes on
 */
export function createHandler(ports: StuckOrderSweepPorts): () => Promise<SweepReport> {
  return async () => {
    const errors: unknown[] = [];
    const orNothing = async <T>(job: Promise<T>, nothing: T): Promise<T> => {
      try {
        return await job;
      } catch (error) {
        ports.log.error('a job of the sweep failed', errorFields(error));
        errors.push(error);
        return nothing;
      }
    };
    const lost = await orNothing(recordLostExecutions(ports), 0);
    const stuck = await orNothing(sweepStuckOrders(ports), []);
    const rows = await orNothing(repairFailedRows(ports), { completed: 0, removed: 0 });
    if (errors.length > 0) {
      throw new AggregateError(errors, `${errors.length} jobs of the sweep failed`);
    }
    const report = {
      requeued: stuck.filter((result) => result === 'requeued').length,
      failed: stuck.filter((result) => result === 'failed').length,
      lostExecutionsRecorded: lost,
      rowsCompleted: rows.completed,
      rowsRemoved: rows.removed,
    };
    ports.log.info('sweep done', { ...report });
    ports.countMetrics({
      [METRIC_NAMES.ordersRequeued]: report.requeued,
      [METRIC_NAMES.ordersFailed]: report.failed + report.lostExecutionsRecorded,
    });
    return report;
  };
}
