import type { OrderRequest } from './order-request.ts';

/** Shortest `customer_id` that the business accepts, in characters (code points, as `MAX_ID_LENGTH`). */
export const MIN_CUSTOMER_ID_LENGTH = 3;
/** Most units in one order, over all its items. */
export const MAX_TOTAL_QUANTITY = 100;

/** Units in the order, over all its items. */
export function totalQuantity(order: OrderRequest): number {
  return order.items.reduce((total, item) => total + item.quantity, 0);
}

/**
 * The business rules of ValidateOrder. An order that breaks one was accepted (the client has its 200) and ends
 * FAILED with this reason.
 * @returns the first broken rule as a sentence, or undefined if the order keeps them all
 */
export function brokenRule(order: OrderRequest): string | undefined {
  if ([...order.customer_id].length < MIN_CUSTOMER_ID_LENGTH) {
    return `customer_id must be at least ${MIN_CUSTOMER_ID_LENGTH} characters`;
  }
  const total = totalQuantity(order);
  if (total > MAX_TOTAL_QUANTITY) {
    return `an order may have at most ${MAX_TOTAL_QUANTITY} units in total, this one has ${total}`;
  }
  return undefined;
}
