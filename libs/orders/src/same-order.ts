import type { OrderRequest } from './order-request.ts';

/** Whether two requests ask for the same: same customer, same items in the same order. Other fields don't count. */
export function isSameOrder(one: OrderRequest, other: OrderRequest): boolean {
  return (
    one.customer_id === other.customer_id &&
    one.items.length === other.items.length &&
    one.items.every((item, index) => {
      const twin = other.items[index];
      return item.product_id === twin?.product_id && item.quantity === twin.quantity;
    })
  );
}
