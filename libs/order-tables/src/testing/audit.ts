import type { InMemoryTables } from './in-memory-order-tables.ts';

/**
 * What is wrong with the tables once nothing is under way any more: orders that are still PROCESSING, and FAILED
 * orders without a row in failed_orders or rows without a FAILED order.
 */
export function violationsAtRest({ orders, failedOrders }: InMemoryTables): string[] {
  const ofOrders = [...orders.values()].flatMap((order) => {
    const row = failedOrders.get(order.order_id);
    if (order.status === 'PROCESSING') {
      return [`${order.order_id} is PROCESSING for ever`];
    }
    if (order.status === 'FAILED' && row?.failed_at !== order.failed_at) {
      return [`${order.order_id} is FAILED, its row is ${JSON.stringify(row)}`];
    }
    return order.status === 'FULFILLED' && row !== undefined
      ? [`${order.order_id} is FULFILLED and has a row in failed_orders`]
      : [];
  });
  const ofRows = [...failedOrders.keys()]
    .filter((orderId) => !orderId.startsWith('message-') && !orders.has(orderId))
    .map((orderId) => `${orderId} has a row in failed_orders and none in orders`);
  return [...ofOrders, ...ofRows];
}
