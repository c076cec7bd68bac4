import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '@dofs/operations/aws-clients';
import { resourceNames, type Target } from '@dofs/operations/target';
import { createTables } from '@dofs/operations/testing/aws-engines';
import { failedOrder, rowOf } from '@dofs/operations/testing/orders';
import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { environmentOf, runDofs } from './testing/run-dofs.ts';

const hasMoto = spawnSync('moto_server', ['--version']).error === undefined;
if (!hasMoto) {
  console.warn('SKIPPED: dofs against an emulator needs moto, and there is no `moto_server` on PATH');
}

describe.skipIf(!hasMoto)('dofs against an emulator', { timeout: 60_000 }, () => {
  let moto: ChildProcess;
  let target: Target;
  const order = failedOrder({ failed_at: new Date().toISOString() });
  beforeAll(async () => {
    const port = await freePort();
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
    target = {
      environment: 'dev',
      origin: 'test',
      region: 'us-east-1',
      awsEndpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      names: resourceNames('dofs', 'dev'),
    };
    await vi.waitUntil(() => answers(target.awsEndpoint ?? ''), { timeout: 40_000, interval: 100 });
    await seedEnvironment(target, order);
  }, 60_000);
  afterAll(async () => {
    moto.kill();
    await once(moto, 'close');
  });

  const dofs = async (...args: string[]) => {
    const { status, stdout, stderr } = await runDofs([...args, '--json'], environmentOf(target));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return JSON.parse(stdout) as unknown;
  };

  it('tells the health with alarms', async () => {
    // Act
    const status = await dofs('status', '--since', 'all');

    // Assess
    expect(status).toMatchObject({
      counts: { known: true, value: { FAILED: 1 } },
      queues: {
        known: true,
        value: [{ queue: 'dofs-dev-order-queue' }, { queue: 'dofs-dev-order-dlq', visible: 1 }],
      },
      alarms: { known: true, value: [{ name: 'dofs-dev-dead-lettered', reason: 'one order' }] },
    });
  });

  it('finds the log lines of an order across functions, in the order of time', async () => {
    // Act
    const lines = await dofs('logs', order.order_id, '--since', '1h');

    // Assess
    expect(lines).toMatchObject([
      { source: 'api-handler', fields: { message: 'first' } },
      { source: 'fulfill-order', fields: { message: 'second' } },
    ]);
  });

  it('lists failed orders and shows what is dead-lettered', async () => {
    // Act
    const failed = await dofs('failed', 'list');
    const letters = await dofs('queue', 'peek');

    // Assess
    expect(failed).toMatchObject([{ order_id: order.order_id, failure_source: 'fulfillment' }]);
    expect(letters).toMatchObject({ visible: 1, messages: [{ body: 'not an order' }] });
  });

  it('redrives', async () => {
    // Act
    const outcome = await dofs('failed', 'redrive', order.order_id);
    const stored = await dofs('order', 'get', order.order_id, '--stored');

    // Assess
    expect(outcome).toMatchObject({ action: 'redrive', attempt: 2 });
    expect(stored).toMatchObject({ status: 'PROCESSING', attempts: 2, redrives: [{ attempt: 2 }] });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/moto-api/`).catch(() => undefined);
  return response?.ok === true;
}

async function seedEnvironment(target: Target, order: ReturnType<typeof failedOrder>): Promise<void> {
  const { names } = target;
  const dynamo = new DynamoDBClient(clientConfig(target));
  await createTables(dynamo, target);
  const tables = dynamoOrderTables(dynamo, {
    orders: names.ordersTable,
    failedOrders: names.failedOrdersTable,
  });
  await tables.createOrder(order);
  await tables.putFailedOrder(rowOf(order));
  dynamo.destroy();

  const sqs = new SQSClient(clientConfig(target));
  await sqs.send(new CreateQueueCommand({ QueueName: names.orderQueue }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: names.orderDlq }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not an order' }));
  sqs.destroy();

  const alarms = new CloudWatchClient(clientConfig(target));
  const AlarmName = 'dofs-dev-dead-lettered';
  await alarms.send(
    new PutMetricAlarmCommand({
      AlarmName,
      MetricName: 'OrdersDeadLettered',
      Namespace: 'DOFS',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await alarms.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'one order' }));
  alarms.destroy();
  await seedLogs(target, order.order_id);
}

async function seedLogs(target: Target, orderId: string): Promise<void> {
  const logs = new CloudWatchLogsClient(clientConfig(target));
  const now = Date.now();
  for (const [name, message, timestamp] of [
    ['fulfill-order', 'second', now],
    ['api-handler', 'first', now - 1000],
  ] as const) {
    const logGroupName = `/aws/lambda/${target.names.prefix}-${name}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    const lines = [
      { message, order_id: orderId },
      { message: 'of another order', order_id: 'other' },
    ];
    await logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: 's',
        logEvents: lines.map((line) => ({ timestamp, message: JSON.stringify(line) })),
      }),
    );
  }
  logs.destroy();
}
