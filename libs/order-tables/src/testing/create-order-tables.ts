import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableNames } from '../dynamo-order-tables.ts';
import { FAILED_ORDERS_TABLE, ORDERS_TABLE } from '../table-schema.ts';

/** Makes both tables with their indexes as the stack declares them. */
export async function createOrderTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  await createTable(client, names.orders, ORDERS_TABLE.partitionKey, ORDERS_TABLE.statusIndex);
  await createTable(
    client,
    names.failedOrders,
    FAILED_ORDERS_TABLE.partitionKey,
    FAILED_ORDERS_TABLE.failedAtIndex,
  );
}

interface Index {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly projection: readonly string[];
}

async function createTable(client: DynamoDBClient, table: string, key: string, index: Index): Promise<void> {
  const attributes = [key, index.partitionKey, index.sortKey];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: index.name,
          KeySchema: [
            { AttributeName: index.partitionKey, KeyType: 'HASH' },
            { AttributeName: index.sortKey, KeyType: 'RANGE' },
          ],
          Projection:
            index.projection.length === 0
              ? { ProjectionType: 'KEYS_ONLY' }
              : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.projection] },
        },
      ],
    }),
  );
}
