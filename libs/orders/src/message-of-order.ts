import type { Order } from './order.ts';
import type { QueueMessage } from './queue-message.ts';

/** The message that asks for an order's current attempt: what SendToQueue, the sweep and a redrive send. */
export function messageOf(order: Order): QueueMessage {
  return {
    order_id: order.order_id,
    correlation_id: order.correlation_id,
    attempt: order.attempts,
    ...(order.fulfillment_request === undefined ? {} : { fulfillment_request: order.fulfillment_request }),
    order: { customer_id: order.customer_id, items: order.items },
    execution_arn: order.execution_arn,
    created_at: order.created_at,
  };
}
