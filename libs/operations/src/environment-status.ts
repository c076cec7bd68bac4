import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OrderStatus } from '@dofs/orders/order';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import { countOrders } from './count-orders.ts';
import { findOut, type Finding } from './finding.ts';
import { activeAlarms, oldestMessageAges, type ActiveAlarm, type QueueAge } from './cloudwatch.ts';
import { failedExecutions, type FailedExecution } from './executions.ts';
import { openTables } from './operator-tables.ts';
import { openQueues, type QueueDepth } from './queues.ts';
import type { Target } from './target.ts';

/** The health of an environment at a glance. */
export interface EnvironmentStatus {
  readonly environment: string;
  readonly at: string;
  /** Orders created since then are counted, ISO 8601; null: all. */
  readonly countedFrom: string | null;
  readonly counts: Finding<Readonly<Record<OrderStatus, number>>>;
  /** Orders created in the last hour that reached their end. */
  readonly lastHour: Finding<{
    readonly fulfilled: number;
    readonly failed: number;
    readonly successRate: number | null;
  }>;
  readonly oldestProcessing: Finding<{ readonly orderId: string; readonly ageSeconds: number } | null>;
  readonly queues: Finding<readonly QueueDepth[]>;
  readonly queueAges: Finding<readonly QueueAge[]>;
  readonly failedExecutions: Finding<readonly FailedExecution[]>;
  readonly alarms: Finding<readonly ActiveAlarm[]>;
}

const HOUR_MS = 3_600_000;
/** With any of these every part would fail alike. */
const FATAL = ['unreachable', 'credentials', 'timeout'] as const;

/**
 * Looks at tables, queues, executions and alarms at once. A part that can't be known here says why.
 * @param now epoch milliseconds
 * @param countFrom count orders created at or after this time, ISO 8601; undefined: all of them
 * @throws OperationError `unreachable`, `timeout` or `credentials`; whatever the tables and queues threw where none of them
 *   can be seen, as there is no such environment then
 */
export async function environmentStatus(
  target: Target,
  now: number,
  countFrom: string | undefined,
): Promise<EnvironmentStatus> {
  const hourAgo = new Date(now - HOUR_MS);
  const errors: unknown[] = [];
  const essential = <T>(lookUp: () => Promise<T>) => findOut(() => noting(errors, lookUp), FATAL);
  const [counts, lastHour, oldestProcessing, queues, queueAges, executions, alarms] = await Promise.all([
    essential(() => countsOf(target, countFrom)),
    essential(() => lastHourOf(target, hourAgo.toISOString())),
    essential(() => oldestProcessingOf(target, now)),
    essential(() => queueDepths(target)),
    findOut(() => oldestMessageAges(target, now), FATAL),
    findOut(() => failedExecutions(target, hourAgo), FATAL),
    findOut(() => activeAlarms(target), FATAL),
  ]);
  if (![counts, lastHour, oldestProcessing, queues].some(({ known }) => known)) {
    throw errors[0];
  }
  return {
    environment: target.environment,
    at: new Date(now).toISOString(),
    countedFrom: countFrom ?? null,
    counts,
    lastHour,
    oldestProcessing,
    queues,
    queueAges,
    failedExecutions: executions,
    alarms,
  };
}

async function noting<T>(errors: unknown[], lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (error) {
    errors.push(error);
    throw error;
  }
}

/** Depths of both queues, by a client of its own. */
export async function queueDepths(target: Target): Promise<readonly QueueDepth[]> {
  const queues = openQueues(target);
  try {
    return await queues.depths();
  } finally {
    queues.close();
  }
}

async function countsOf(target: Target, from: string | undefined): Promise<Record<OrderStatus, number>> {
  const [PROCESSING, FULFILLED, FAILED] = await countEach(target, from, [
    'PROCESSING',
    'FULFILLED',
    'FAILED',
  ]);
  return { PROCESSING: PROCESSING ?? 0, FULFILLED: FULFILLED ?? 0, FAILED: FAILED ?? 0 };
}

async function lastHourOf(target: Target, from: string) {
  const [fulfilled = 0, failed = 0] = await countEach(target, from, ['FULFILLED', 'FAILED']);
  const ended = fulfilled + failed;
  return { fulfilled, failed, successRate: ended === 0 ? null : fulfilled / ended };
}

function countEach(
  target: Target,
  from: string | undefined,
  statuses: readonly OrderStatus[],
): Promise<number[]> {
  return withAwsErrors(target, async () => {
    const client = new DynamoDBClient(clientConfig(target));
    try {
      const { ordersTable } = target.names;
      return await Promise.all(statuses.map((status) => countOrders(client, ordersTable, status, from)));
    } finally {
      client.destroy();
    }
  });
}

async function oldestProcessingOf(target: Target, now: number) {
  const tables = openTables(target);
  try {
    const [oldest] = await tables.listOrdersByStatus('PROCESSING', { limit: 1, newestFirst: false });
    return oldest === undefined
      ? null
      : { orderId: oldest.order_id, ageSeconds: Math.max(0, (now - Date.parse(oldest.created_at)) / 1000) };
  } finally {
    tables.close();
  }
}
