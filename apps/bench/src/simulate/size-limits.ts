import { MAX_ID_LENGTH, MAX_ITEMS, type OrderRequest } from '@dofs/orders/order-request';
import { messageOf } from '@dofs/orders/message-of-order';
import { MAX_NAME_LENGTH } from '@dofs/orders/name';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import type { Design } from './design.ts';

/** A limit that no rate meets, but a large order could. */
export interface SizeLimit {
  readonly service: string;
  readonly limit: string;
  readonly bytes: number;
  /** Bytes of it that the largest order of the HTTP contract takes. */
  readonly largest: number;
  readonly source: string;
}

/** The largest order that the HTTP contract lets in: as many items as may be, of characters of four bytes. */
export function largestOrder(): OrderRequest {
  const id = '\u{20000}'.repeat(MAX_ID_LENGTH);
  return {
    customer_id: id,
    items: Array.from({ length: MAX_ITEMS }, () => ({ product_id: id, quantity: 1 })),
  };
}

/** AWS's limits of size (none can be raised), and how much of each the largest order takes. */
export function sizeLimits({ batchSize }: Pick<Design, 'batchSize'>): SizeLimit[] {
  const order = JSON.stringify(largestOrder());
  const message = JSON.stringify(messageOf(orderOf(largestOrder())));
  const record = JSON.stringify({ body: message });
  return [
    {
      service: 'API Gateway',
      limit: 'request body',
      bytes: 10_485_760,
      largest: byteLength(order),
      source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
    },
    {
      service: 'Lambda',
      limit: `event of a batch of ${batchSize}`,
      bytes: 6_291_456,
      largest: batchSize * byteLength(record),
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    },
    {
      service: 'Step Functions',
      limit: 'data of a state or execution',
      bytes: 262_144,
      largest: byteLength(message),
      source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
    },
    {
      service: 'SQS',
      limit: 'message',
      bytes: 1_048_576,
      largest: byteLength(message),
      source:
        'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
    },
    {
      service: 'DynamoDB',
      limit: 'item: order and message in failed_orders',
      bytes: 409_600,
      largest: byteLength(order) + byteLength(message),
      source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
    },
  ];
}

function orderOf(order: OrderRequest): Order {
  return newOrder({
    order_id: '00000000-0000-4000-8000-000000000000',
    correlation_id: 'c'.repeat(MAX_NAME_LENGTH),
    order,
    execution_arn: 'a'.repeat(MAX_NAME_LENGTH),
    created_at: '2026-01-01T00:00:00.000Z',
  });
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
