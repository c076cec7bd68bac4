import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { itemOfOrder } from '@dofs/order-tables/item-format';
import { newOrder } from '@dofs/orders/new-order';
import { inLanes } from './lanes.ts';
import type { OrderTarget } from './send-orders.ts';

/** Items in one BatchWriteItem, at most (AWS: "BatchWriteItem", request parameters). */
const BATCH = 25;
const AT_ONCE = 4;
const DAY_MS = 86_400_000;

/** The table `orders` did not take all that it was given. */
export class TableNotFilledError extends Error {
  override readonly name = 'TableNotFilledError';
}

/**
 * Fills the table `orders` up with orders that ended long ago, so that a run meets a full table. Only that table:
 * executions, logs and `failed_orders` hold what was sent, no more.
 * @param atLeast items that the table is to hold; if it holds more, it keeps them
 * @returns items that it holds now, counted
 * @throws TableNotFilledError
 */
export async function fillTable(target: OrderTarget, atLeast: number): Promise<number> {
  const client = new DynamoDBClient({
    endpoint: target.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const table = target.outputs['orders_table_name'] ?? '';
  try {
    const there = await countItems(client, table);
    await inLanes(Math.ceil((atLeast - there) / BATCH), AT_ONCE, async (batch) => {
      // Numbered by their place in the table: what is added later gets other numbers.
      const first = there + batch * BATCH;
      const puts = Array.from({ length: Math.min(BATCH, atLeast - first) }, (_, n) => ({
        PutRequest: { Item: itemOfOrder(oldOrder(first + n)) },
      }));
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: puts } }),
      );
      if (UnprocessedItems?.[table] !== undefined) {
        throw new TableNotFilledError(`${table} refused ${UnprocessedItems[table].length} items of a batch`);
      }
    });
    return Math.max(there, atLeast);
  } finally {
    client.destroy();
  }
}

async function countItems(client: DynamoDBClient, table: string): Promise<number> {
  let count = 0;
  for await (const page of paginateScan({ client }, { TableName: table, Select: 'COUNT' })) {
    count += page.Count ?? 0;
  }
  return count;
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
