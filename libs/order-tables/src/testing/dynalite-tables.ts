import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableNames } from '../dynamo-order-tables.ts';
import { createOrderTables } from './create-order-tables.ts';

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
  await createOrderTables(client, names);
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
