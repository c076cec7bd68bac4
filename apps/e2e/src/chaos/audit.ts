import type { LedgerEntry } from './ledger.ts';
import type { PoisonMessage } from './poison.ts';

/** What the system holds when a run has come to rest. */
export interface FinalState {
  readonly orders: readonly StoredOrder[];
  readonly failedOrders: readonly StoredFailure[];
  readonly messagesLeft: number;
  /** Under EXPRESS a repeated key starts another execution of the same order, and none is kept to be listed. */
  readonly isExpress: boolean;
  /** Executions by name. */
  readonly executions: readonly { readonly name: string; readonly status: string }[];
}

export interface StoredOrder {
  readonly order_id: string;
  readonly customer_id: string;
  readonly items: readonly { readonly product_id: string; readonly quantity: number }[];
  readonly status: string;
}

export interface StoredFailure {
  readonly order_id: string;
  readonly original_message: string;
}

export interface Violation {
  readonly promise: string;
  /** Of a message that is no order: what the run knows it by. */
  readonly orderId: string;
  readonly detail: string;
}

/** Failed messages that name no order are kept under an id of their own. */
const OWN_ID = /^message-/;

/** Compares the client's ledger with what the system holds. Every difference is a broken promise. */
export function audit(
  ledger: readonly LedgerEntry[],
  poison: readonly PoisonMessage[],
  state: FinalState,
): Violation[] {
  const orders = new Map(state.orders.map((order) => [order.order_id, order]));
  return [
    ...atRest(state),
    ...ledger.flatMap((entry) => entryViolations(entry, orders, state.isExpress)),
    ...failureViolations(state, orders),
    ...unknownOrders(ledger, poison, state),
    ...lostPoison(poison, state),
    ...executionViolations(ledger, state),
  ];
}

function atRest(state: FinalState): Violation[] {
  return state.messagesLeft === 0
    ? []
    : [{ promise: 'queues come to rest', orderId: '', detail: `${state.messagesLeft} messages left` }];
}

function entryViolations(
  entry: LedgerEntry,
  orders: ReadonlyMap<string, StoredOrder>,
  isExpress: boolean,
): Violation[] {
  const [first] = entry.accepted;
  const violations = entry.unexpected.map((detail) => ({
    promise: 'only answers of the contract',
    orderId: first?.orderId ?? entry.key,
    detail,
  }));
  if (first === undefined) {
    return [
      ...violations,
      { promise: 'a retried request is accepted in the end', orderId: entry.key, detail: 'never' },
    ];
  }
  for (const { orderId, executionArn } of entry.accepted) {
    if (orderId !== first.orderId || (!isExpress && executionArn !== first.executionArn)) {
      violations.push({ promise: 'one key, one order', orderId, detail: `${first.orderId} before` });
    }
  }
  const order = orders.get(first.orderId);
  if (order === undefined) {
    return [
      ...violations,
      { promise: 'no accepted order is lost', orderId: first.orderId, detail: 'not stored' },
    ];
  }
  if (order.status !== 'FULFILLED' && order.status !== 'FAILED') {
    violations.push({ promise: 'no order is left hanging', orderId: order.order_id, detail: order.status });
  }
  if (!sameOrder(order, entry.order)) {
    violations.push({
      promise: 'an order is stored as sent',
      orderId: order.order_id,
      detail: JSON.stringify(order),
    });
  }
  return violations;
}

function sameOrder(stored: StoredOrder, sent: LedgerEntry['order']): boolean {
  const content = (order: LedgerEntry['order']) =>
    JSON.stringify([
      order.customer_id,
      order.items.map(({ product_id, quantity }) => [product_id, quantity]),
    ]);
  return content(stored) === content(sent);
}

/** FAILED in `orders` if and only if there is a row in `failed_orders`. */
function failureViolations(state: FinalState, orders: ReadonlyMap<string, StoredOrder>): Violation[] {
  const failures = new Set(state.failedOrders.map((row) => row.order_id));
  const missing = state.orders
    .filter((order) => order.status === 'FAILED' && !failures.has(order.order_id))
    .map((order) => ({
      promise: 'FAILED is in both tables',
      orderId: order.order_id,
      detail: 'no failed_orders row',
    }));
  const extra = [...failures]
    .filter((id) => !OWN_ID.test(id) && orders.get(id)?.status !== 'FAILED')
    .map((id) => ({
      promise: 'FAILED is in both tables',
      orderId: id,
      detail: `a failed_orders row, but orders says ${orders.get(id)?.status ?? 'nothing'}`,
    }));
  return [...missing, ...extra];
}

/**
 * Every request was made with a key, so every stored order belongs to one that the ledger knows; but for the orders
 * that dlq-handler made of messages for orders that don't exist, which may only be FAILED.
 */
function unknownOrders(
  ledger: readonly LedgerEntry[],
  poison: readonly PoisonMessage[],
  state: FinalState,
): Violation[] {
  const known = new Set(ledger.flatMap((entry) => entry.accepted.map(({ orderId }) => orderId)));
  const ofPoison = new Set(poison.map(({ id }) => id));
  return state.orders
    .filter(
      ({ order_id, status }) => !known.has(order_id) && !(ofPoison.has(order_id) && status === 'FAILED'),
    )
    .map((order) => ({
      promise: 'no order is doubled',
      orderId: order.order_id,
      detail: 'nobody was told of it',
    }));
}

function lostPoison(poison: readonly PoisonMessage[], state: FinalState): Violation[] {
  const kept = new Map<string, number>();
  for (const row of state.failedOrders) {
    kept.set(row.original_message, (kept.get(row.original_message) ?? 0) + 1);
  }
  return poison
    .filter(({ body }) => kept.get(body) !== 1)
    .map(({ id, body }) => ({
      promise: 'a message that is no order is kept whole, once',
      orderId: id,
      detail: `${kept.get(body) ?? 0} rows hold ${JSON.stringify(body)}`,
    }));
}

function executionViolations(ledger: readonly LedgerEntry[], state: FinalState): Violation[] {
  if (state.isExpress) {
    return [];
  }
  const statuses = new Map(state.executions.map(({ name, status }) => [name, status]));
  return ledger.flatMap(({ accepted: [first] }) => {
    const status = first === undefined ? 'SUCCEEDED' : statuses.get(first.orderId);
    return first === undefined || status === 'SUCCEEDED' || status === 'FAILED'
      ? []
      : [{ promise: 'every execution ends', orderId: first.orderId, detail: status ?? 'no such execution' }];
  });
}
