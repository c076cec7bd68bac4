import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../service-call.ts';
import { startSqs, type Sqs } from './sqs-service.ts';

const ARN = 'arn:aws:sqs:us-east-1:123456789012';
const STACK = {
  accountId: '123456789012',
  region: 'us-east-1',
  queues: [
    {
      name: 'orders',
      arn: `${ARN}:orders`,
      attributes: {
        VisibilityTimeout: '30',
        MessageRetentionPeriod: '345600',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}:orders-dlq`, maxReceiveCount: 1 }),
      },
    },
    { name: 'orders-dlq', arn: `${ARN}:orders-dlq`, attributes: { MessageRetentionPeriod: '1209600' } },
  ],
};
const URL_OF_ORDERS = 'http://127.0.0.1:4566/123456789012/orders';
const URL_OF_DLQ = 'http://127.0.0.1:4566/123456789012/orders-dlq';

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly Attributes?: Record<string, string>;
}

describe('SQS', () => {
  let dataDir: string;
  let open: Sqs[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'sqs-'));
    open = [];
  });
  afterEach(() => {
    open.forEach((sqs) => sqs.close());
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(directory?: string): Promise<Sqs> {
    const sqs = await startSqs(STACK, {
      ...(directory === undefined ? {} : { dataDir: directory }),
      clock: Date.now,
      endpoint: () => 'http://127.0.0.1:4566',
    });
    open.push(sqs);
    return sqs;
  }
  const send = (sqs: Sqs, operation: string, input: JsonObject, signal?: AbortSignal) =>
    sqs.call({
      service: 'sqs',
      operation,
      input,
      principal: { kind: 'operator' },
      ...(signal === undefined ? {} : { signal }),
    });
  async function received(sqs: Sqs, input: JsonObject = {}): Promise<readonly Message[]> {
    const { Messages } = await send(sqs, 'ReceiveMessage', { QueueUrl: URL_OF_ORDERS, ...input });
    return (Messages ?? []) as readonly Message[];
  }
  async function attributes(sqs: Sqs, url: string): Promise<Record<string, string>> {
    const { Attributes } = await send(sqs, 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
    return Attributes as Record<string, string>;
  }

  it('hands out queue URLs on the local endpoint', async () => {
    // Prepare
    const sqs = await start();

    // Act
    const one = await send(sqs, 'GetQueueUrl', { QueueName: 'orders' });
    const all = await send(sqs, 'ListQueues', { QueueNamePrefix: 'orders' });

    // Assess
    expect(one).toEqual({ QueueUrl: URL_OF_ORDERS });
    expect(all).toEqual({ QueueUrls: [URL_OF_ORDERS, URL_OF_DLQ] });
  });

  it('knows a queue by any URL that ends in its name', async () => {
    // Act
    const found = await attributes(await start(), 'https://queue.amazonaws.com/YOUR-ACCOUNT/orders');

    // Assess
    expect(found).toMatchObject({ QueueArn: `${ARN}:orders`, VisibilityTimeout: '30' });
  });

  it('hides a received message, moves it to the dead letter queue after its last receive, and keeps it there', async () => {
    // Prepare
    const sqs = await start(dataDir);
    await send(sqs, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'one' });
    const [first] = await received(sqs, { AttributeNames: ['All'] });
    const whileHidden = await received(sqs);
    await send(sqs, 'ChangeMessageVisibility', {
      QueueUrl: URL_OF_ORDERS,
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    });

    // Act
    const second = await received(sqs);
    sqs.close();
    open = [];
    const counts = await attributes(await start(dataDir), URL_OF_DLQ);

    // Assess
    expect(first?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SenderId: '123456789012' });
    expect(whileHidden).toEqual([]);
    expect(second).toEqual([]);
    expect(counts['ApproximateNumberOfMessages']).toBe('1');
  });

  it('keeps messages, visibility and receive counts across a restart without a shutdown', async () => {
    // Prepare
    const killed = await start(dataDir);
    await send(killed, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'in flight' });
    await received(killed, { VisibilityTimeout: 1 });
    await send(killed, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'waiting' });

    // Act: the second instance opens what the first one wrote, which is never closed before.
    const restarted = await start(dataDir);
    const ready = await received(restarted, { MaxNumberOfMessages: 10 });
    const counts = await attributes(restarted, URL_OF_ORDERS);

    // Assess
    expect(ready.map(({ Body }) => Body)).toEqual(['waiting']);
    expect(counts['ApproximateNumberOfMessagesNotVisible']).toBe('2');
  });

  it('answers a long poll as soon as a message arrives', async () => {
    // Prepare
    const sqs = await start();
    const poll = received(sqs, { WaitTimeSeconds: 20 });

    // Act
    await send(sqs, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'one' });

    // Assess
    expect((await poll).map(({ Body }) => Body)).toEqual(['one']);
  });

  it('gives no message to a poller that has gone', async () => {
    // Prepare
    const sqs = await start();
    const caller = new AbortController();
    const poll = send(sqs, 'ReceiveMessage', { QueueUrl: URL_OF_ORDERS, WaitTimeSeconds: 20 }, caller.signal);

    // Act
    caller.abort();
    await send(sqs, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'one' });

    // Assess
    expect(await poll).toEqual({});
    expect(await received(sqs)).toHaveLength(1);
  });

  it('forgets a message after the retention period', async () => {
    // Prepare
    let now = Date.now();
    const sqs = await startSqs(STACK, { clock: () => now, endpoint: () => 'http://127.0.0.1:4566' });
    open.push(sqs);
    await send(sqs, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'old' });

    // Act
    now += 345_601_000;

    // Assess
    expect((await attributes(sqs, URL_OF_ORDERS))['ApproximateNumberOfMessages']).toBe('0');
  });

  it('takes a message of 1 MiB and refuses a larger one', async () => {
    // Prepare
    const sqs = await start();
    const message = (size: number) =>
      send(sqs, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 'x'.repeat(size) });

    // Act
    const largest = await message(1024 * 1024);
    const tooLarge = message(1024 * 1024 + 1);

    // Assess
    expect(largest).toHaveProperty('MessageId');
    await expect(tooLarge).rejects.toMatchObject({ code: 'InvalidParameterValue', statusCode: 400 });
  });

  it('takes characters beyond the first plane of Unicode, and refuses what XML has no character for', async () => {
    // Prepare
    const sqs = await start();
    const message = (text: string) =>
      send(sqs, 'SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: text });

    // Act
    const emoji = await message('order of \u{1F600}');
    const control = message('order of \u0001');

    // Assess
    expect(emoji).toHaveProperty('MessageId');
    await expect(control).rejects.toMatchObject({ code: 'InvalidMessageContents' });
  });

  it.each<[string, JsonObject, string]>([
    ['GetQueueUrl', { QueueName: 'gone' }, 'QueueDoesNotExist'],
    ['SendMessage', { QueueUrl: `${URL_OF_ORDERS}-gone`, MessageBody: 'x' }, 'QueueDoesNotExist'],
    ['SendMessage', { MessageBody: 'x' }, 'MissingParameter'],
    ['StartMessageMoveTask', { QueueUrl: URL_OF_ORDERS }, 'UnknownOperationException'],
    ['ReceiveMessage', { QueueUrl: URL_OF_ORDERS, WaitTimeSeconds: 'abc' }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl: URL_OF_ORDERS, WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl: URL_OF_ORDERS, AttributeNames: 'All' }, 'InvalidParameterValue'],
    ['SendMessage', { QueueUrl: URL_OF_ORDERS, MessageBody: 7 }, 'InvalidParameterValue'],
    ['SendMessageBatch', { QueueUrl: URL_OF_ORDERS, Entries: 'x' }, 'InvalidParameterValue'],
    [
      'SendMessageBatch',
      { QueueUrl: URL_OF_ORDERS, Entries: [{ Id: 'a', MessageBody: {} }] },
      'InvalidParameterValue',
    ],
    redrive('no json'),
    redrive('7'),
    redrive('{"maxReceiveCount":3}'),
  ])('answers %s %j with %s', async (operation, input, code) => {
    // Act
    const answer = send(await start(), operation, input);

    // Assess
    await expect(answer).rejects.toMatchObject({ code });
  });
});

/** A request whose redrive policy is none. */
function redrive(RedrivePolicy: string): [string, JsonObject, string] {
  return [
    'SetQueueAttributes',
    { QueueUrl: URL_OF_ORDERS, Attributes: { RedrivePolicy } },
    'InvalidParameterValue',
  ];
}
