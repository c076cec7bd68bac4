import type { FailedOrder, Order } from '@dofs/orders/order';
import { randomUUID } from 'node:crypto';

/** An order that fulfilment said no to. */
export function failedOrder(changes: Partial<Order> = {}): Order {
  return {
    order_id: randomUUID(),
    customer_id: 'cust-12345',
    items: [{ product_id: 'prod-widget-001', quantity: 2 }],
    total_quantity: 2,
    status: 'FAILED',
    created_at: '2026-03-01T10:00:00.000Z',
    updated_at: '2026-03-01T10:00:01.000Z',
    attempts: 1,
    execution_arn: 'arn:aws:states:us-east-1:123456789012:execution:dofs-dev-order-processing:x',
    correlation_id: 'correlation-1',
    failed_at: '2026-03-01T10:00:01.000Z',
    failure_reason: 'out of stock',
    failure_source: 'fulfillment',
    ...changes,
  };
}

/** The row of failed_orders that belongs to a failed order. */
export function rowOf(order: Order, changes: Partial<FailedOrder> = {}): FailedOrder {
  return {
    order_id: order.order_id,
    failed_at: order.failed_at ?? order.updated_at,
    failure_source: order.failure_source ?? 'fulfillment',
    failure_reason: order.failure_reason ?? 'unknown',
    original_message: '{}',
    attempts: order.attempts,
    order,
    ...changes,
  };
}
