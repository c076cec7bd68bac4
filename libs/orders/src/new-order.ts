import { totalQuantity } from './order-rules.ts';
import type { Order } from './order.ts';
import type { OrderRequest } from './order-request.ts';

interface Origin {
  readonly order_id: string;
  readonly correlation_id: string;
  readonly order: OrderRequest;
  readonly execution_arn: string;
  /** Any form that a time is read from: Step Functions leaves out milliseconds that are 0. */
  readonly created_at: string;
}

/** The order as it is first stored: PROCESSING, in its first attempt. */
export function newOrder(origin: Origin): Order {
  const created_at = new Date(origin.created_at).toISOString();
  return {
    order_id: origin.order_id,
    customer_id: origin.order.customer_id,
    items: origin.order.items.map(({ product_id, quantity }) => ({ product_id, quantity })),
    total_quantity: totalQuantity(origin.order),
    status: 'PROCESSING',
    created_at,
    updated_at: created_at,
    attempts: 1,
    execution_arn: origin.execution_arn,
    correlation_id: origin.correlation_id,
  };
}
