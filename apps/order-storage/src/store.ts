import { isUnderWayElsewhere } from '@dofs/order-tables/another-execution';
import { completeFailure } from '@dofs/order-tables/complete-failure';
import type { OrderTables, Transition } from '@dofs/order-tables/order-tables';
import { shortReason } from '@dofs/orders/failure-reason';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import { isSameOrder } from '@dofs/orders/same-order';
import type {
  RecordFailureRequest,
  StorageRequest,
  StorageResult,
  StoreOrderRequest,
} from '@dofs/orders/workflow';

export type StorageTables = Pick<OrderTables, 'createOrder' | 'upsertFailed' | 'putFailedOrder'>;

/**
 * StoreOrder: stores the order once, however often it is asked to.
 * @throws what the tables throw
 */
export async function store(tables: StorageTables, request: StoreOrderRequest): Promise<StorageResult> {
  const order = newOrder(request);
  const creation = await tables.createOrder(order);
  return { outcome: creation.created ? 'stored' : outcomeBeside(creation.existing, order) };
}

/**
 * RecordRefusal and RecordFailure: ends the order FAILED in both tables, storing it first if need be. Left alone is
 * an order that has got on in the meantime (its message was sent after all), and one that another execution has
 * under way: its message may be in the queue, and if that execution died the sweep finds the order. Not so the other
 * way round: the execution that stored the order fails it though its twin may have queued it, as nothing in the order
 * tells of a twin. The order is then FAILED in both tables, and the twin's message changes nothing.
 * @throws what the tables throw, and UnknownOrderError if the order is removed at that very moment
 */
export async function fail(
  tables: StorageTables,
  request: RecordFailureRequest,
  at: string,
): Promise<StorageResult & { readonly now: boolean }> {
  const order = newOrder(request);
  const transition = await tables.upsertFailed(order, {
    at,
    source: request.failure_source,
    reason: shortReason(request.failure_reason),
  });
  if (isConflict(transition, order)) {
    return { outcome: 'conflict', now: false };
  }
  if (isUnderWayElsewhere(transition, order)) {
    return { outcome: 'settled', now: false };
  }
  const attempt = { orderId: order.order_id, attempt: order.attempts };
  const result = await completeFailure(tables, transition, attempt, originalMessage(request));
  return {
    outcome: result === 'failed-now' || result === 'failed' ? 'failed' : 'settled',
    now: result === 'failed-now',
  };
}

function outcomeBeside(existing: Order, order: Order): StorageResult['outcome'] {
  if (!isSameOrder(existing, order)) {
    return 'conflict';
  }
  return existing.status === 'PROCESSING' ? 'stored' : 'settled';
}

function isConflict(transition: Transition, order: Order): boolean {
  return !transition.done && transition.order !== undefined && !isSameOrder(transition.order, order);
}

/** The workflow's input, as it came. */
function originalMessage({ order_id, correlation_id, order }: StorageRequest): string {
  return JSON.stringify({ order_id, correlation_id, order });
}
