import type { Violation } from '../chaos/audit.ts';

/** An order as it is stored after its redrives. */
export interface RedrivenOrder {
  readonly order_id: string;
  readonly status: string;
  readonly attempts: number;
  readonly redrives?: readonly { readonly attempt: number }[];
}

/** What the system holds when every redrive is over and the queues are empty. */
export interface RedrivenState {
  readonly orders: readonly RedrivenOrder[];
  /** Ids of the rows of failed_orders. */
  readonly failedRows: readonly string[];
  readonly messagesLeft: number;
  /** A line for each attempt that ended an order, as fulfill-order logged it. */
  readonly settlements: readonly { readonly orderId: string; readonly attempt: number }[];
}

/**
 * Compares the orders that had failed with what became of them. The warehouse agrees to everything after the first
 * attempt, so each must be FULFILLED by exactly one redrive.
 * @param failedIds the orders that were FAILED before
 */
export function auditRedrives(failedIds: readonly string[], state: RedrivenState): Violation[] {
  const stored = new Map(state.orders.map((order) => [order.order_id, order]));
  const rows = new Set(state.failedRows);
  const known = new Set(failedIds);
  const found = (promise: string, orderId: string, detail: string): Violation => ({
    promise,
    orderId,
    detail,
  });
  const lost = failedIds
    .filter((id) => !stored.has(id))
    .map((id) => found('no order is lost', id, 'not stored'));
  const doubled = state.orders
    .filter(({ order_id }) => !known.has(order_id))
    .map(({ order_id }) => found('no order is doubled', order_id, 'nobody sent it'));
  const orphans = state.failedRows
    .filter((id) => !stored.has(id))
    .map((id) => found('FAILED is in both tables', id, 'a row without an order'));
  const left =
    state.messagesLeft === 0 ? [] : [found('queues come to rest', '', `${state.messagesLeft} left`)];
  const settled = settlementsOf(state);
  const wrong = state.orders.flatMap((order) =>
    orderViolations(order, rows.has(order.order_id), settled.get(order.order_id) ?? []).map(
      ([promise, detail]) => found(promise, order.order_id, detail),
    ),
  );
  return [...lost, ...doubled, ...orphans, ...left, ...wrong];
}

function settlementsOf({ settlements }: RedrivenState): ReadonlyMap<string, readonly number[]> {
  const byOrder = new Map<string, number[]>();
  for (const { orderId, attempt } of settlements) {
    byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), attempt]);
  }
  return byOrder;
}

/** 1, 2, ... up to the newest. */
function attemptsOf({ attempts }: RedrivenOrder): readonly number[] {
  return Array.from({ length: attempts }, (_, index) => index + 1);
}

function orderViolations(
  order: RedrivenOrder,
  hasRow: boolean,
  settled: readonly number[],
): readonly (readonly [promise: string, detail: string])[] {
  const redrives = order.redrives ?? [];
  const checks = [
    ['every order ends FULFILLED', order.status === 'FULFILLED', order.status],
    ['FAILED is in both tables', (order.status === 'FAILED') === hasRow, `${order.status}, row: ${hasRow}`],
    [
      'each redrive is one attempt, kept on the order',
      order.attempts === 1 + redrives.length,
      `${order.attempts} attempts, ${redrives.length} redrives`,
    ],
    ['one redrive is enough', redrives.length === 1, `${redrives.length} redrives`],
    [
      'each attempt has its effect once',
      settled.toSorted().join() === attemptsOf(order).join(),
      `${order.attempts} attempts; those that had an effect: ${settled.join(', ')}`,
    ],
  ] as const;
  return checks.flatMap(([promise, holds, detail]) => (holds ? [] : [[promise, detail] as const]));
}
