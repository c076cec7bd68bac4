import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import { shortReason } from '@dofs/orders/failure-reason';
import { parseStorageRequest } from '@dofs/orders/parse-workflow';
import type { StorageResult } from '@dofs/orders/workflow';
import { fail, store, type StorageTables } from './store.ts';

export interface OrderStoragePorts extends FunctionBasics {
  readonly tables: StorageTables;
}

export type OrderStorageHandler = (event: unknown) => Promise<StorageResult>;

/**
 * StoreOrder, RecordRefusal and RecordFailure.
 * @throws (the handler) MalformedInputError, and every technical error, for the workflow to try again
 */
export function createHandler({ tables, log, countMetrics, now }: OrderStoragePorts): OrderStorageHandler {
  return async (event) => {
    const request = parseStorageRequest(event);
    const { order_id, correlation_id } = request;
    if (request.operation === 'store') {
      const result = await store(tables, request);
      log.info('order stored', { order_id, correlation_id, outcome: result.outcome });
      return result;
    }
    const { outcome, now: failedNow } = await fail(tables, request, now());
    log.warn(outcome === 'failed' ? 'order failed' : 'order not failed, it is left as it is', {
      order_id,
      correlation_id,
      outcome,
      failure_source: request.failure_source,
      failure_reason: shortReason(request.failure_reason),
    });
    countMetrics({ [METRIC_NAMES.ordersFailed]: Number(failedNow) });
    return { outcome };
  };
}
