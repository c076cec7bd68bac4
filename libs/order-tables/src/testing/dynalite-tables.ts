import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FAILED_ORDERS_TABLE, ORDERS_TABLE } from '../table-schema.ts';
import type { TableNames } from '../dynamo-order-tables.ts';

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

export interface DynaliteTables {
  readonly client: DynamoDBClient;
  readonly names: TableNames;
  stop(): Promise<void>;
}

/** A DynamoDB of its own, in memory, on a free port, with both tables. */
export async function startDynaliteTables(): Promise<DynaliteTables> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const names = { orders: 'orders', failedOrders: 'failed-orders' };
  await createTable(client, names.orders, ORDERS_TABLE.partitionKey, ORDERS_TABLE.statusIndex);
  await createTable(
    client,
    names.failedOrders,
    FAILED_ORDERS_TABLE.partitionKey,
    FAILED_ORDERS_TABLE.failedAtIndex,
  );
  return {
    client,
    names,
    async stop() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
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
