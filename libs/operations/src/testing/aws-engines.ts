import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createOrderTables } from '@dofs/order-tables/testing/create-order-tables';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { clientConfig } from '../aws-clients.ts';
import { resourceNames, type Target } from '../target.ts';

/** Tables and queues in this process, behind one endpoint as the local system has it. */
export interface AwsEngines {
  readonly target: Target;
  readonly dynamo: DynamoDBClient;
  readonly queues: FauxqsServer;
  close(): Promise<void>;
}

/** It has no types of its own. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

/** Starts the engines with the tables and queues of an environment. */
export async function startAwsEngines(): Promise<AwsEngines> {
  const tables = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await listening(tables);
  const queues = await startFauxqs({
    port: 0,
    host: '127.0.0.1',
    logger: false,
    init: { queues: [{ name: 'dofs-dev-order-queue' }, { name: 'dofs-dev-order-dlq' }] },
  });
  const tablesPort = (tables.address() as AddressInfo).port;
  const endpoint = createServer((incoming, outgoing) => {
    const isTable = incoming.headers['x-amz-target']?.toString().startsWith('DynamoDB_') === true;
    forward(incoming, outgoing, isTable ? tablesPort : queues.port);
  });
  await listening(endpoint);
  const target: Target = {
    environment: 'dev',
    origin: 'test',
    region: 'us-east-1',
    awsEndpoint: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    names: resourceNames('dofs', 'dev'),
  };
  const dynamo = new DynamoDBClient(clientConfig(target));
  await createTables(dynamo, target);
  const close = async () => {
    dynamo.destroy();
    endpoint.close();
    endpoint.closeAllConnections();
    tables.close();
    await queues.stop();
  };
  return { target, dynamo, queues, close };
}

/** The two tables as the stack declares them. */
export async function createTables(dynamo: DynamoDBClient, { names }: Target): Promise<void> {
  await createOrderTables(dynamo, { orders: names.ordersTable, failedOrders: names.failedOrdersTable });
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method, headers, url } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, headers, path: url }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
