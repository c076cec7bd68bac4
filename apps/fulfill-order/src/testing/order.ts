import { newOrder } from '@dofs/orders/new-order';

/** When `ORDER` was created, ISO 8601. */
export const CREATED = '2026-03-01T10:00:00.000Z';
/** An order in its first attempt. */
export const ORDER = newOrder({
  order_id: '00000000-0000-4000-8000-000000000001',
  correlation_id: 'correlation-1',
  order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 2 }] },
  execution_arn: 'arn:execution:1',
  created_at: CREATED,
});
export const ATTEMPT = { orderId: ORDER.order_id, attempt: 1 };
