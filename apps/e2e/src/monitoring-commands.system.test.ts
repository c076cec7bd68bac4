import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { aws, hasAwsCli } from './aws-cli.ts';
import { acceptedOrder, settledOrder } from './orders-api.ts';
import { target } from './target.ts';

if (!hasAwsCli) {
  console.warn('SKIPPED: the monitoring commands need the AWS CLI, and there is no `aws` on PATH');
}

if (target.isExpress) {
  console.warn('SKIPPED: EXPRESS executions can not be listed or described, on AWS neither');
}

interface Count {
  readonly Count: number;
  readonly ScannedCount: number;
}

describe.skipIf(!hasAwsCli)('the monitoring commands of the README, with the real AWS CLI', () => {
  const call = <T>(...args: string[]) => aws<T>(target.awsEndpoint, ...args);
  let orderId: string;

  beforeAll(async () => {
    orderId = await acceptedOrder(target.apiUrl);
    await settledOrder(target.apiUrl, orderId);
    await settledOrder(
      target.apiUrl,
      await acceptedOrder(target.apiUrl, { customer_id: 'ab', items: [{ product_id: 'p', quantity: 1 }] }),
    );
  });

  it('counts orders and failed orders', async () => {
    // Act
    const [orders, failed] = await Promise.all(
      ['orders', 'failed-orders'].map((table) =>
        call<Count>('dynamodb', 'scan', '--table-name', `${target.prefix}-${table}`, '--select', 'COUNT'),
      ),
    );

    // Assess: one number and no items; other suites store orders of their own all the time
    expect(orders).toMatchObject({ ScannedCount: orders?.Count });
    expect(failed).toMatchObject({ ScannedCount: failed?.Count });
    expect(orders).not.toHaveProperty('Items');
    expect(orders?.Count).toBeGreaterThanOrEqual(2);
    expect(failed?.Count).toBeGreaterThanOrEqual(1);
  });

  it('breaks orders down by status', async () => {
    // Act
    const { Items } = await call<{ Items: { status: { S: string } }[] }>(
      'dynamodb',
      'scan',
      '--table-name',
      `${target.prefix}-orders`,
      '--projection-expression',
      '#s',
      '--expression-attribute-names',
      '{"#s":"status"}',
    );

    // Assess
    expect(Items.map((item) => item.status.S)).toContain('FAILED');
  });

  it('gets one order and finds it in the status index', async () => {
    // Act
    const { Item } = await call<{ Item: Record<string, { S: string }> }>(
      'dynamodb',
      'get-item',
      '--table-name',
      `${target.prefix}-orders`,
      '--key',
      JSON.stringify({ order_id: { S: orderId } }),
    );
    const { Items } = await call<{ Items: Record<string, { S: string }>[] }>(
      'dynamodb',
      'query',
      '--table-name',
      `${target.prefix}-orders`,
      '--index-name',
      'status-index',
      '--key-condition-expression',
      'status_shard = :s',
      '--expression-attribute-values',
      JSON.stringify({ ':s': Item['status_shard'] }),
    );

    // Assess
    expect(Items.map((item) => item['order_id']?.S)).toContain(orderId);
  });

  it.each(['order-queue', 'order-dlq'])('looks at %s', async (queue) => {
    // Act
    const { QueueUrl } = await call<{ QueueUrl: string }>(
      'sqs',
      'get-queue-url',
      '--queue-name',
      `${target.prefix}-${queue}`,
    );
    const { Attributes } = await call<{ Attributes: Record<string, string> }>(
      'sqs',
      'get-queue-attributes',
      '--queue-url',
      QueueUrl,
      '--attribute-names',
      'ApproximateNumberOfMessages',
    );

    // Assess
    expect(Number(Attributes['ApproximateNumberOfMessages'])).toBeGreaterThanOrEqual(0);
  });

  it('takes the queue URL as the console shows it', async () => {
    // Prepare
    const { QueueUrl } = await call<{ QueueUrl: string }>(
      'sqs',
      'get-queue-url',
      '--queue-name',
      `${target.prefix}-order-queue`,
    );
    const consoleUrl = `https://queue.amazonaws.com${new URL(QueueUrl).pathname}`;

    // Act
    const { Attributes } = await call<{ Attributes: Record<string, string> }>(
      'sqs',
      'get-queue-attributes',
      '--queue-url',
      consoleUrl,
      '--attribute-names',
      'All',
    );

    // Assess
    expect(Attributes['RedrivePolicy']).toContain(`${target.prefix}-order-dlq`);
  });

  it('finds the log groups of the functions and of the state machine', async () => {
    // Act
    const { logGroups } = await call<{ logGroups: { logGroupName: string }[] }>(
      'logs',
      'describe-log-groups',
    );

    // Assess
    const names = logGroups.map(({ logGroupName }) => logGroupName);
    for (const name of ['api-handler', 'validator', 'order-storage', 'fulfill-order', 'dlq-handler']) {
      expect(names).toContain(`/aws/lambda/${target.prefix}-${name}`);
    }
    expect(names.some((name) => name.includes('stepfunctions'))).toBe(true);
  });

  it('reads the log lines of an order, which all carry one correlation id', async () => {
    // Prepare
    const logGroup = `/aws/lambda/${target.prefix}-order-storage`;

    // Act
    const { logStreams } = await call<{ logStreams: { logStreamName: string }[] }>(
      'logs',
      'describe-log-streams',
      '--log-group-name',
      logGroup,
    );
    const { events } = await call<{ events: { message: string }[] }>(
      'logs',
      'get-log-events',
      '--log-group-name',
      logGroup,
      '--log-stream-name',
      logStreams[0]?.logStreamName ?? '',
    );
    const found = await call<{ events: { message: string }[] }>(
      'logs',
      'filter-log-events',
      '--log-group-name',
      logGroup,
      '--filter-pattern',
      `"${orderId}"`,
    );

    // Assess
    expect(events.length).toBeGreaterThan(0);
    const lines = found.events.map(
      ({ message }) => JSON.parse(message) as { order_id: string; correlation_id: string },
    );
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines.map((line) => line.correlation_id)).size).toBe(1);
  });

  it.skipIf(target.isExpress)('lists, describes and follows executions', async () => {
    // Prepare
    const { stateMachines } = await call<{ stateMachines: { stateMachineArn: string; name: string }[] }>(
      'stepfunctions',
      'list-state-machines',
    );
    const arn =
      stateMachines.find(({ name }) => name === `${target.prefix}-order-processing`)?.stateMachineArn ?? '';
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${orderId}`;

    // Act
    const { executions } = await call<{ executions: { executionArn: string }[] }>(
      'stepfunctions',
      'list-executions',
      '--state-machine-arn',
      arn,
    );
    const execution = await call<{ status: string; input: string }>(
      'stepfunctions',
      'describe-execution',
      '--execution-arn',
      executionArn,
    );
    const { events } = await call<{
      events: { type: string; stateEnteredEventDetails?: { name: string } }[];
    }>('stepfunctions', 'get-execution-history', '--execution-arn', executionArn);

    // Assess
    expect(executions.map((entry) => entry.executionArn)).toContain(executionArn);
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.input)).toMatchObject({ order_id: orderId });
    expect(events.flatMap((event) => event.stateEnteredEventDetails?.name ?? [])).toEqual([
      'ValidateOrder',
      'CheckValidation',
      'StoreOrder',
      'CheckStorage',
      'SendToQueue',
    ]);
  });

  it('invokes a function by hand', async () => {
    // Prepare: a file, as versions 1 and 2 of the CLI read a payload on the command line differently
    const folder = mkdtempSync(join(tmpdir(), 'dofs-invoke-'));
    const payload = join(folder, 'payload.json');
    const order = { customer_id: 'cust-1', items: [{ product_id: 'p', quantity: 1 }] };
    writeFileSync(payload, JSON.stringify({ order_id: orderId, correlation_id: 'by-hand', order }));
    const { Functions } = await call<{ Functions: { FunctionName: string }[] }>('lambda', 'list-functions');

    // Act
    const answer = await call<{ StatusCode: number; FunctionError?: string }>(
      'lambda',
      'invoke',
      '--function-name',
      `${target.prefix}-validator`,
      '--payload',
      `fileb://${payload}`,
      join(folder, 'answer.json'),
    );
    const validation = JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')) as unknown;
    rmSync(folder, { recursive: true });

    // Assess
    expect(Functions.map(({ FunctionName }) => FunctionName)).toContain(`${target.prefix}-validator`);
    expect(answer).toMatchObject({ StatusCode: 200 });
    expect(answer.FunctionError).toBeUndefined();
    expect(validation).toMatchObject({ valid: true, total_quantity: 1 });
  });

  it('starts an execution by hand, which GET then knows', async () => {
    // Prepare
    const byHand = randomUUID();
    const input = {
      order_id: byHand,
      correlation_id: 'by-hand',
      order: { customer_id: 'cust-1', items: [{ product_id: 'p', quantity: 1 }] },
    };
    const { stateMachines } = await call<{ stateMachines: { stateMachineArn: string; name: string }[] }>(
      'stepfunctions',
      'list-state-machines',
    );
    const arn =
      stateMachines.find(({ name }) => name === `${target.prefix}-order-processing`)?.stateMachineArn ?? '';

    // Act
    await call(
      'stepfunctions',
      'start-execution',
      '--state-machine-arn',
      arn,
      '--name',
      byHand,
      '--input',
      JSON.stringify(input),
    );
    const { body } = await settledOrder(target.apiUrl, byHand);

    // Assess
    expect(body).toMatchObject({ order_id: byHand, customer_id: 'cust-1' });
  });
});
