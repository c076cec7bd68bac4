import { paginateQuery, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OrderStatus } from '@dofs/orders/order';
import { ORDERS_TABLE, statusShards } from '@dofs/order-tables/table-schema';

/**
 * Counts the orders of one status by the status index (eventually consistent), without reading them into memory.
 * DynamoDB bills a count as a read of everything counted.
 * @param from only orders created at or after this time, ISO 8601
 * @throws the SDK's service errors
 */
export async function countOrders(
  client: DynamoDBClient,
  table: string,
  status: OrderStatus,
  from: string | undefined,
): Promise<number> {
  const counts = await Promise.all(
    statusShards(status).map((shard) => countShard(client, table, shard, from ?? '0')),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countShard(
  client: DynamoDBClient,
  table: string,
  shard: string,
  from: string,
): Promise<number> {
  const { name, partitionKey, sortKey } = ORDERS_TABLE.statusIndex;
  let count = 0;
  const query = {
    TableName: table,
    IndexName: name,
    Select: 'COUNT' as const,
    KeyConditionExpression: '#shard = :shard AND #time >= :from',
    ExpressionAttributeNames: { '#shard': partitionKey, '#time': sortKey },
    ExpressionAttributeValues: { ':shard': { S: shard }, ':from': { S: from } },
  };
  for await (const page of paginateQuery({ client }, query)) {
    count += page.Count ?? 0;
  }
  return count;
}
