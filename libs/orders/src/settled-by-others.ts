import type { Order } from './order.ts';

/** Nothing is known under an order id that a message names. */
export class UnknownOrderError extends Error {
  override readonly name = 'UnknownOrderError';
  constructor(orderId: string) {
    super(`there is no order ${orderId}`);
  }
}

/** A message is for an attempt that its order isn't in yet, or the order changed while it was being settled. */
export class OutOfStepError extends Error {
  override readonly name = 'OutOfStepError';
  constructor(order: Order, attempt: number) {
    super(
      `order ${order.order_id} is ${order.status} in attempt ${order.attempts}, not ready for ${attempt}`,
    );
  }
}

/**
 * How it comes that an order could not be settled in an attempt: somebody else settled it in this very attempt
 * (`fulfilled`, `failed`: a duplicate, or our own write whose answer was lost), or a later attempt is current
 * (`superseded`).
 */
export type SettledByOthers = 'fulfilled' | 'failed' | 'superseded';

/**
 * Reads a refused transition.
 * @param order the order that refused, undefined where there is none
 * @throws UnknownOrderError, OutOfStepError: neither is in the order of things, so the message must be tried again
 *   and end in the dead letter queue rather than be dropped
 */
export function settledByOthers(
  order: Order | undefined,
  { orderId, attempt }: { readonly orderId: string; readonly attempt: number },
): SettledByOthers {
  if (order === undefined) {
    throw new UnknownOrderError(orderId);
  }
  if (order.attempts > attempt) {
    return 'superseded';
  }
  if (order.attempts < attempt || order.status === 'PROCESSING') {
    throw new OutOfStepError(order, attempt);
  }
  return order.status === 'FULFILLED' ? 'fulfilled' : 'failed';
}
