import type { FailedOrder, Order } from '@dofs/orders/order';
import type { OrderTables, TimeRange, Transition } from '../order-tables.ts';
import {
  failing,
  failingOrStoring,
  fulfilment,
  reopening,
  requeueing,
  type ConditionalChange,
} from '../transitions.ts';

export interface InMemoryTables extends OrderTables {
  /** What is stored, for tests to look at. */
  readonly orders: ReadonlyMap<string, Order>;
  readonly failedOrders: ReadonlyMap<string, FailedOrder>;
}

/**
 * A model of the two tables for tests that try thousands of histories. It interprets the very changes and
 * conditions that DynamoDB is sent; that both agree is tested beside the real implementation.
 */
export function inMemoryOrderTables(): InMemoryTables {
  const orders = new Map<string, Order>();
  const failedOrders = new Map<string, FailedOrder>();
  const change = (orderId: string, conditional: ConditionalChange): Transition => {
    const before = orders.get(orderId);
    if (!isExpected(before, conditional)) {
      return { done: false, order: before };
    }
    const after = changed(orderId, before, conditional);
    orders.set(orderId, after);
    return { done: true, order: after };
  };
  return {
    orders,
    failedOrders,
    async createOrder(order) {
      const existing = orders.get(order.order_id);
      if (existing === undefined) {
        orders.set(order.order_id, order);
      }
      return later(existing === undefined ? { created: true } : { created: false, existing });
    },
    getOrder: (orderId) => later(orders.get(orderId)),
    settleFulfilled: (attempt, at) => later(change(attempt.orderId, fulfilment(attempt, at))),
    settleFailed: (attempt, failure) => later(change(attempt.orderId, failing(attempt, failure))),
    upsertFailed: (order, failure) => later(change(order.order_id, failingOrStoring(order, failure))),
    reopenOrder: (failed, redrive) => later(change(failed.order_id, reopening(failed, redrive))),
    requeueOrder: (attempt, redrive) => later(change(attempt.orderId, requeueing(attempt, redrive))),
    async putFailedOrder(row) {
      if (isUpToDate(failedOrders.get(row.order_id), row.attempts)) {
        failedOrders.set(row.order_id, row);
      }
      return later(undefined);
    },
    getFailedOrder: (orderId) => later(failedOrders.get(orderId)),
    async deleteFailedOrder({ orderId, attempt }) {
      if (isUpToDate(failedOrders.get(orderId), attempt)) {
        failedOrders.delete(orderId);
      }
      return later(undefined);
    },
    ...readingMany(orders, failedOrders),
  };
}

function readingMany(
  orders: ReadonlyMap<string, Order>,
  failedOrders: ReadonlyMap<string, FailedOrder>,
): Pick<OrderTables, 'getOrders' | 'getOrderStates' | 'listOrdersByStatus' | 'listFailedOrders'> {
  const ordersOf = (ids: readonly string[]) =>
    ids.map((id) => orders.get(id)).filter((order) => order !== undefined);
  return {
    getOrders: (ids) => later(ordersOf(ids)),
    getOrderStates: (ids) =>
      later(
        ordersOf(ids).map(({ order_id, correlation_id, status, updated_at, attempts }) => ({
          order_id,
          correlation_id,
          status,
          updated_at,
          attempts,
        })),
      ),
    listOrdersByStatus: (status, range) =>
      later(
        inRange([...orders.values()], (order) => order.created_at, range)
          .filter((order) => order.status === status)
          .slice(0, range.limit)
          .map(({ order_id, created_at }) => ({ order_id, created_at })),
      ),
    listFailedOrders: (range) =>
      later(
        inRange([...failedOrders.values()], (row) => row.failed_at, range)
          .slice(0, range.limit)
          .map(({ order_id, failed_at, failure_source, failure_reason }) => ({
            order_id,
            failed_at,
            failure_source,
            failure_reason,
          })),
      ),
  };
}

/** As with a real table, nobody has the answer in the same turn. */
async function later<T>(value: T): Promise<T> {
  await Promise.resolve();
  return value;
}

function isExpected(order: Order | undefined, { expectation }: ConditionalChange): boolean {
  if (order === undefined) {
    return expectation.orAbsent !== undefined;
  }
  const fields: Readonly<Record<string, unknown>> = order;
  return Object.entries(expectation.equals).every(([name, value]) => fields[name] === value);
}

function changed(orderId: string, before: Order | undefined, { change }: ConditionalChange): Order {
  const { status_shard: _shard, ...set } = change.set;
  const fields: Record<string, unknown> = { ...change.setIfAbsent, ...before, ...set, order_id: orderId };
  if (change.append !== undefined) {
    const list = (fields[change.append.list] ?? []) as unknown[];
    fields[change.append.list] = [...list, change.append.entry];
  }
  const kept = Object.entries(fields).filter(([name]) => change.remove?.includes(name) !== true);
  return Object.fromEntries(kept) as Order;
}

function isUpToDate(row: FailedOrder | undefined, attempt: number | undefined): boolean {
  return row?.attempts === undefined || attempt === undefined || row.attempts <= attempt;
}

function inRange<T>(entries: readonly T[], time: (entry: T) => string, range: TimeRange): T[] {
  const direction = range.newestFirst ? -1 : 1;
  return entries
    .filter((entry) => time(entry) >= (range.from ?? '') && time(entry) <= (range.to ?? '9999'))
    .toSorted((one, other) => direction * (time(one) < time(other) ? -1 : Number(time(one) > time(other))));
}
