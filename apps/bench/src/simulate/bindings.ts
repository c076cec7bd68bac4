import { drainRate, type Design, type WorkflowType } from './design.ts';
import { QUOTAS, type Quota } from './quotas.ts';

/** One limit of the design: what an order takes of it, and how many orders a second it carries. */
export interface Binding {
  readonly service: string;
  readonly limit: string;
  /** What an order takes, in the limit's unit for each order a second. */
  readonly perOrder: number;
  readonly value: number;
  readonly unit: string;
  /** Orders a second at which it is used up. */
  readonly carries: number;
  readonly raise: string;
  /** Where it comes from: a page of AWS, or a setting of the stack. */
  readonly source: string;
  /** What happens to orders beyond it. */
  readonly beyond: string;
}

const REFUSED = 'API Gateway answers 429; nothing is stored, clients try again';
const UNAVAILABLE = 'POST answers 503 with Retry-After; nothing is stored, clients try again';
const WAITS = 'accepted orders wait and finish later';
const RETRIED = 'writes are throttled and retried by workflow and queue: orders finish later';

/** The limits that a rate of orders can meet, the one that binds first at the front. */
export function bindings(design: Design, type: WorkflowType): Binding[] {
  const { transitionsPerOrder, tableWritesPerOrder, indexWritesPerOrder, statusShards } = design;
  const start = type === 'STANDARD' ? QUOTAS.startExecutionStandard : QUOTAS.startExecutionExpress;
  const limits = [
    setting('API Gateway', 'throttlingRateLimit of the stage', design.stageRate, 'requests/s', 1, REFUSED),
    quota(QUOTAS.apiRequests, 1, REFUSED),
    quota(start, 1, UNAVAILABLE),
    ...(type === 'STANDARD' ? [quota(QUOTAS.transitions, transitionsPerOrder, WAITS)] : []),
    {
      ...quota(QUOTAS.concurrency, concurrencyPerOrder(design), `functions are throttled: ${UNAVAILABLE}`),
      value: design.accountConcurrency,
      carries: design.accountConcurrency / concurrencyPerOrder(design),
    },
    setting(
      'Lambda',
      'queueMaximumConcurrency of fulfill-order',
      design.consumers,
      'batches',
      design.consumers / drainRate(design),
      `they wait in order-queue: ${WAITS}`,
    ),
    quota(QUOTAS.newTableWrites, Math.max(tableWritesPerOrder, indexWritesPerOrder), RETRIED),
    quota(QUOTAS.tableWrites, Math.max(tableWritesPerOrder, indexWritesPerOrder), RETRIED),
    // An order enters and leaves one shard of PROCESSING: two writes of the same partition.
    quota(QUOTAS.partitionWrites, 2 / statusShards, RETRIED),
  ];
  return limits.sort((one, other) => one.carries - other.carries);
}

/** Function instances that an order a second keeps busy (Little's law). */
function concurrencyPerOrder(design: Design): number {
  const { apiHandlerMs, validatorMs, orderStorageMs, batchMs, batchSize } = design;
  return (apiHandlerMs + validatorMs + orderStorageMs + batchMs / batchSize) / 1000;
}

function quota(quota: Quota, perOrder: number, beyond: string): Binding {
  const { service, name, value, unit, raise, source } = quota;
  return { service, limit: name, perOrder, value, unit, carries: value / perOrder, raise, source, beyond };
}

function setting(
  service: string,
  limit: string,
  value: number,
  unit: string,
  perOrder: number,
  beyond: string,
): Binding {
  const source = 'a setting of the stack';
  return {
    service,
    limit,
    perOrder,
    value,
    unit,
    carries: value / perOrder,
    raise: 'the setting',
    source,
    beyond,
  };
}
