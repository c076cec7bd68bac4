import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { itemOfOrder } from '@dofs/order-tables/item-format';
import { newOrder } from '@dofs/orders/new-order';
import { inLanes } from './lanes.ts';
import type { OrderTarget } from './send-orders.ts';

/** Items in one BatchWriteItem, at most (AWS: "BatchWriteItem", request parameters). */
const BATCH = 25;
const AT_ONCE = 4;
const DAY_MS = 86_400_000;

/**
 * Stores orders that ended long ago, so that a run meets a full table.
 * @param from number of the first one: each number is another order
 */
export async function fillTable(target: OrderTarget, from: number, to: number): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: target.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const table = target.outputs['orders_table_name'] ?? '';
  try {
    await inLanes(Math.ceil((to - from) / BATCH), AT_ONCE, async (batch) => {
      const first = from + batch * BATCH;
      const puts = Array.from({ length: Math.min(BATCH, to - first) }, (_, n) => ({
        PutRequest: { Item: itemOfOrder(oldOrder(first + n)) },
      }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    });
  } finally {
    client.destroy();
  }
}

function oldOrder(n: number) {
  const id = `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const at = new Date(Date.UTC(2026, 0, 1) + ((n * 7_919) % DAY_MS)).toISOString();
  const order = newOrder({
    order_id: id,
    correlation_id: id,
    order: { customer_id: `cust-${n % 1_000}`, items: [{ product_id: 'prod-widget-001', quantity: 1 }] },
    execution_arn: `arn:aws:states:us-east-1:123456789012:execution:old:${id}`,
    created_at: at,
  });
  return { ...order, status: 'FULFILLED' as const, fulfilled_at: at };
}
