import type { Design, WorkflowType } from './design.ts';
import type { Quota, Quotas } from './quotas.ts';

/**
 * The stretches of an order's way: its request arrives, its execution starts, the order is stored and its message
 * sent, the message is consumed and the order settled.
 */
export type Stretch = 'arrive' | 'start' | 'store' | 'settle';

/** A limit, and what an order takes of it. */
export interface Limit {
  readonly service: string;
  readonly limit: string;
  /** Units that it gives each second, to all orders together. */
  readonly value: number;
  readonly unit: string;
  /** Units that can be saved up; 0: none. */
  readonly bucket: number;
  /** Where the value is reached only gradually: units in the first second of work, and growth each second. */
  readonly ramp?: { readonly atFirst: number; readonly perSecond: number };
  /** Units that an order takes, by stretch. */
  readonly takes: Readonly<Partial<Record<Stretch, number>>>;
  readonly raise: string;
  /** Where it comes from: a page of AWS, or a setting of the stack. */
  readonly source: string;
  /** What happens to orders beyond it. */
  readonly beyond: string;
}

const REFUSED = 'API Gateway answers 429; nothing is stored, clients try again';
const UNAVAILABLE = 'POST answers 503 with Retry-After; nothing is stored, clients try again';
const FUNCTIONS_THROTTLED =
  'API Gateway answers 500 where api-handler is throttled, and nothing is stored; workflow and queue try theirs again';
const EXECUTIONS_WAIT = 'accepted executions wait and finish later';
const MESSAGES_WAIT = 'messages wait in order-queue, orders finish later';
const RETRIED =
  'throttled writes are retried and orders finish later; where it lasts, the retries of workflow and queue run out ' +
  'and accepted orders end FAILED, to be redriven';

/** Every limit of rate that the design can meet. */
export function limitsOf(design: Design, type: WorkflowType, quotas: Quotas): Limit[] {
  return [
    ...limitsOfTheDoor(design, type, quotas),
    ...(type === 'STANDARD'
      ? [limitOf(quotas.transitions, { store: design.transitionsPerOrder }, EXECUTIONS_WAIT)]
      : []),
    ...limitsOfFunctions(design, quotas),
    ...limitsOfQueue(design, quotas),
    ...limitsOfTables(design, quotas),
  ];
}

/** Orders a second that a limit carries. */
export function carries(limit: Limit): number {
  return limit.value / perOrder(limit);
}

/** Units that an order takes on its whole way. */
export function perOrder({ takes }: Limit): number {
  return Object.values(takes).reduce((sum, units) => sum + units, 0);
}

function limitsOfTheDoor(design: Design, type: WorkflowType, quotas: Quotas): Limit[] {
  return [
    {
      service: 'API Gateway',
      limit: 'throttlingRateLimit of the stage',
      value: design.stageRate,
      bucket: design.stageBurst,
      unit: 'requests/s',
      takes: { arrive: 1 },
      ...ofTheStack,
      beyond: REFUSED,
    },
    limitOf(quotas.apiRequests, { arrive: 1 }, REFUSED),
    limitOf(
      type === 'STANDARD' ? quotas.startExecutionStandard : quotas.startExecutionExpress,
      { start: 1 },
      UNAVAILABLE,
    ),
  ];
}

/** Execution environments are busy for as long as an invocation takes (Little's law). */
function limitsOfFunctions(design: Design, quotas: Quotas): Limit[] {
  const { apiHandlerMs, validatorMs, orderStorageMs, batchMs, batchSize } = design;
  const requests = limitOf(
    quotas.lambdaRequests,
    { arrive: 1, store: 2, settle: 1 / batchSize },
    FUNCTIONS_THROTTLED,
  );
  return [
    limitOf(
      quotas.concurrency,
      {
        arrive: apiHandlerMs / 1000,
        store: (validatorMs + orderStorageMs) / 1000,
        settle: batchMs / batchSize / 1000,
      },
      FUNCTIONS_THROTTLED,
    ),
    {
      ...requests,
      limit: 'requests of all functions, per account and Region',
      value: quotas.lambdaRequests.value * quotas.concurrency.value,
    },
  ];
}

function limitsOfQueue(design: Design, quotas: Quotas): Limit[] {
  const { consumers, batchMs, batchSize } = design;
  return [
    {
      service: 'Lambda',
      limit: 'queueMaximumConcurrency of fulfill-order',
      value: Math.min(consumers, quotas.pollers.value),
      unit: 'batches',
      bucket: 0,
      ramp: { atFirst: quotas.pollersAtFirst.value, perSecond: quotas.pollerGrowth.value },
      takes: { settle: batchMs / batchSize / 1000 },
      ...ofTheStack,
      beyond: MESSAGES_WAIT,
    },
    limitOf(quotas.inFlight, { settle: batchMs / 1000 }, MESSAGES_WAIT),
  ];
}

function limitsOfTables(design: Design, quotas: Quotas): Limit[] {
  const { tableWrites, indexWrites, statusShards } = design;
  const { newTableWrites, tableWrites: mostTableWrites, partitionWrites } = quotas;
  const named = (name: string, limit: Limit): Limit => ({ ...limit, limit: `${name}: ${limit.limit}` });
  return [
    named('orders', limitOf(newTableWrites, { ...tableWrites }, RETRIED)),
    named('status index', limitOf(newTableWrites, { ...indexWrites }, RETRIED)),
    named('orders', limitOf(mostTableWrites, { ...tableWrites }, RETRIED)),
    named('status index', limitOf(mostTableWrites, { ...indexWrites }, RETRIED)),
    // An order enters and leaves one shard of PROCESSING: two writes of the same partition.
    named(
      'status index',
      limitOf(partitionWrites, { store: 1 / statusShards, settle: 1 / statusShards }, RETRIED),
    ),
  ];
}

const ofTheStack = { raise: 'the setting', source: 'a setting of the stack' };

function limitOf(quota: Quota, takes: Limit['takes'], beyond: string): Limit {
  const { service, name, value, unit, raise, source } = quota;
  return { service, limit: name, value, unit, bucket: quota.bucket ?? 0, takes, raise, source, beyond };
}
