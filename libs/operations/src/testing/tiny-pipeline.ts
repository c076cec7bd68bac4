import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { completeFailure } from '@dofs/order-tables/complete-failure';
import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import { messageOf } from '@dofs/orders/message-of-order';
import { parseOrderRequest, type OrderRequest } from '@dofs/orders/order-request';
import { totalQuantity } from '@dofs/orders/order-rules';
import type { Order } from '@dofs/orders/order';
import { parseQueueMessage } from '@dofs/orders/queue-message';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { clientConfig } from '../aws-clients.ts';
import type { Target } from '../target.ts';
import type { AwsEngines } from './aws-engines.ts';

/**
 * A pipeline small enough for this library's tests, which can't start the whole system: an API that stores and
 * queues, and a consumer that settles, over real tables and queues.
 */
export interface TinyPipeline {
  readonly target: Target;
  readonly tables: OrderTables;
  /** Attempts that were settled, each time by the message that did it: `<order id>:<attempt>`. */
  readonly settled: readonly string[];
  close(): Promise<void>;
}

export interface TinyPipelineOptions {
  /** Whether an attempt is fulfilled. Awaited, so that a test can hold an order back. */
  readonly fulfils: (orderId: string, attempt: number) => boolean | Promise<boolean>;
}

export async function startTinyPipeline(
  engines: AwsEngines,
  options: TinyPipelineOptions,
): Promise<TinyPipeline> {
  const { names } = engines.target;
  const tables = dynamoOrderTables(engines.dynamo, {
    orders: names.ordersTable,
    failedOrders: names.failedOrdersTable,
  });
  const sqs = new SQSClient(clientConfig(engines.target));
  const QueueUrl = engines.queues.address + `/000000000000/${names.orderQueue}`;
  const stop = new AbortController();
  const settled: string[] = [];
  const consumer = consume({ sqs, QueueUrl, tables, settled, options, signal: stop.signal });
  const server = createServer((request, response) => {
    void answer(request, tables, (body) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body })).then(() => undefined),
    ).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-correlation-id': 'tiny' });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dev`;
  return {
    target: { ...engines.target, apiUrl },
    tables,
    settled,
    close: async () => {
      stop.abort();
      await consumer;
      sqs.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(
  request: IncomingMessage,
  tables: OrderTables,
  send: (body: string) => Promise<void>,
): Promise<Answer> {
  const id = /^\/dev\/order\/([^/]+)$/.exec(request.url ?? '')?.[1];
  if (request.method === 'GET' && id !== undefined) {
    const order = await tables.getOrder(id);
    return order === undefined
      ? { status: 404, body: { error: 'Order not found' } }
      : { status: 200, body: order };
  }
  if (request.method !== 'POST' || request.url !== '/dev/order') {
    return { status: 403, body: { message: 'Missing Authentication Token' } };
  }
  const parsed = parsedBody(await text(request));
  if (parsed === undefined) {
    return { status: 400, body: { message: 'Invalid request body' } };
  }
  const order = newOrder(parsed);
  await tables.createOrder(order);
  await send(JSON.stringify(messageOf(order)));
  return {
    status: 200,
    body: { order_id: order.order_id, status: 'processing', execution_arn: order.execution_arn },
  };
}

function parsedBody(body: string): OrderRequest | undefined {
  const parsed = body.startsWith('{') ? parseOrderRequest(JSON.parse(body)) : undefined;
  return parsed?.valid === true ? parsed.request : undefined;
}

function newOrder(request: OrderRequest): Order {
  const at = new Date().toISOString();
  const order_id = randomUUID();
  return {
    order_id,
    ...request,
    total_quantity: totalQuantity(request),
    status: 'PROCESSING',
    created_at: at,
    updated_at: at,
    attempts: 1,
    execution_arn: `arn:aws:states:us-east-1:000000000000:execution:dofs-dev-order-processing:${order_id}`,
    correlation_id: order_id,
  };
}

interface Consuming {
  readonly sqs: SQSClient;
  readonly QueueUrl: string;
  readonly tables: OrderTables;
  readonly settled: string[];
  readonly options: TinyPipelineOptions;
  readonly signal: AbortSignal;
}

async function consume({ sqs, QueueUrl, tables, settled, options, signal }: Consuming): Promise<void> {
  while (!signal.aborted) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await sqs.send(receive);
    for (const { Body = '', ReceiptHandle } of Messages) {
      await settle(Body, tables, settled, options);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

async function settle(
  body: string,
  tables: OrderTables,
  settled: string[],
  { fulfils }: TinyPipelineOptions,
): Promise<void> {
  const parsed = parseQueueMessage(body);
  if (!parsed.valid) {
    throw new TypeError(parsed.reason);
  }
  const attempt = { orderId: parsed.message.order_id, attempt: parsed.message.attempt };
  const at = new Date().toISOString();
  const fulfilled = await fulfils(attempt.orderId, attempt.attempt);
  const transition = fulfilled
    ? await tables.settleFulfilled(attempt, at)
    : await tables.settleFailed(attempt, { at, source: 'fulfillment', reason: 'out of stock' });
  if (transition.done) {
    settled.push(`${attempt.orderId}:${attempt.attempt}`);
  }
  if (!(transition.done && fulfilled)) {
    await completeFailure(tables, transition, attempt, body);
  }
}
