import { randomUUID } from 'node:crypto';
import type { Order } from '@dofs/orders/order';

/** When orders made here were created. */
export const T0 = '2026-03-01T10:00:00.000Z';

/** An order as it was just stored. */
export function processingOrder(fields: Partial<Order> = {}): Order {
  return {
    order_id: randomUUID(),
    customer_id: 'customer-1',
    items: [{ product_id: 'product-1', quantity: 2 }],
    total_quantity: 2,
    status: 'PROCESSING',
    created_at: T0,
    updated_at: T0,
    attempts: 1,
    execution_arn: 'arn:aws:states:us-east-1:123456789012:execution:orders:one',
    correlation_id: 'correlation-1',
    ...fields,
  };
}
