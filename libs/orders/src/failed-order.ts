import type { FailedOrder, Order } from './order.ts';

/** An order whose status doesn't fit what is asked of it: a defect, not an event of operation. */
export class NotFailedError extends Error {
  override readonly name = 'NotFailedError';
  constructor(order: Order) {
    super(`order ${order.order_id} is ${order.status}, it has no failure`);
  }
}

/**
 * The row of `failed_orders` that belongs to a FAILED order. It follows from the order alone (and the message), so
 * whoever completes it after a crash writes the same row.
 * @param originalMessage the message or workflow input that failed
 * @throws NotFailedError if the order isn't FAILED
 */
export function failedOrderOf(order: Order, originalMessage: string): FailedOrder {
  const { failed_at, failure_source, failure_reason } = order;
  if (failed_at === undefined || failure_source === undefined || failure_reason === undefined) {
    throw new NotFailedError(order);
  }
  return {
    order_id: order.order_id,
    failed_at,
    failure_source,
    failure_reason,
    original_message: originalMessage,
    correlation_id: order.correlation_id,
    attempts: order.attempts,
    order,
  };
}
