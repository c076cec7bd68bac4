import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FunctionRunner } from '../engines.ts';
import { AwsError, type Dispatch, type JsonObject, type ServiceCall } from '../service-call.ts';
import { startSqs } from '../sqs/sqs-service.ts';
import type { EventSourceMappingDescription } from '../stack-description.ts';
import { readBatchAnswer } from './batch-answer.ts';
import { startEventSourceMappings } from './event-source-mappings.ts';
import type { EventSourceProblem } from './event-source-poller.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:123456789012:orders';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';
const QUEUE_URL = 'http://127.0.0.1:1/123456789012/orders';

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}
/** Answers a batch; throws for a function error. */
type Consumer = (records: readonly SqsRecord[]) => unknown;

const functionStub = {
  name: 'fn',
  arn: FUNCTION_ARN,
  roleArn: 'arn:aws:iam::123456789012:role/fn',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  code: '/',
  timeoutSeconds: 5,
  memorySizeMb: 128,
  environment: {},
  logGroupName: 'g',
  architecture: 'arm64',
};

interface Bench {
  readonly batches: (readonly SqsRecord[])[];
  readonly calls: ServiceCall[];
  readonly problems: EventSourceProblem[];
  send(...bodies: string[]): Promise<void>;
  /** Messages left: visible, and received but not deleted. */
  left(): Promise<{ visible: number; hidden: number }>;
  readonly close: () => Promise<void>;
}

interface BenchOptions {
  readonly refuse?: (call: ServiceCall) => AwsError | undefined;
  /** Seconds; 1 unless told, so that messages come again soon. */
  readonly visibilityTimeout?: string;
}

async function startBench(
  consumer: Consumer,
  mapping: Partial<EventSourceMappingDescription> = {},
  { refuse, visibilityTimeout }: BenchOptions = {},
): Promise<Bench> {
  const queue = {
    name: 'orders',
    arn: QUEUE_ARN,
    attributes: { VisibilityTimeout: visibilityTimeout ?? '1', MessageRetentionPeriod: '3600' },
  };
  const sqs = await startSqs(
    { queues: [queue], accountId: '123456789012', region: 'us-east-1' },
    { clock: Date.now, endpoint: () => 'http://127.0.0.1:1' },
  );
  const calls: ServiceCall[] = [];
  const problems: EventSourceProblem[] = [];
  const batches: (readonly SqsRecord[])[] = [];
  const dispatch: Dispatch = (call) => {
    calls.push(call);
    const refusal = refuse?.(call);
    return refusal === undefined ? sqs.call(call) : Promise.reject(refusal);
  };
  const functions: FunctionRunner = { invoke: (arn, payload) => invoke(consumer, batches, arn, payload) };
  const mappings = startEventSourceMappings({
    stack: {
      functions: [functionStub],
      queues: [queue],
      eventSourceMappings: [
        {
          id: 'm',
          queueArn: QUEUE_ARN,
          functionArn: FUNCTION_ARN,
          batchSize: 10,
          maximumBatchingWindowSeconds: 0,
          reportBatchItemFailures: true,
          enabled: true,
          ...mapping,
        },
      ],
    },
    dispatch,
    functions,
    queueUrl: () => QUEUE_URL,
    clock: Date.now,
    backoff: { firstMs: 5, longestMs: 20 },
    onProblem: (problem) => problems.push(problem),
  });
  onTestFinished(async () => {
    await mappings.close();
    sqs.close();
  });
  const operator = (operation: string, input: JsonObject) =>
    sqs.call({
      service: 'sqs',
      operation,
      input: { QueueUrl: QUEUE_URL, ...input },
      principal: { kind: 'operator' },
    });
  return {
    batches,
    calls,
    problems,
    send: async (...bodies) => {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await operator('SendMessageBatch', { Entries });
    },
    left: async () => {
      const { Attributes } = await operator('GetQueueAttributes', { AttributeNames: ['All'] });
      const counts = Attributes as Record<string, string>;
      return {
        visible: Number(counts['ApproximateNumberOfMessages']),
        hidden: Number(counts['ApproximateNumberOfMessagesNotVisible']),
      };
    },
    close: () => mappings.close(),
  };
}

async function invoke(consumer: Consumer, batches: (readonly SqsRecord[])[], arn: string, payload: string) {
  expect(arn).toBe(FUNCTION_ARN);
  const { Records } = JSON.parse(payload) as { Records: readonly SqsRecord[] };
  batches.push(Records);
  const result = { billedMs: 1, requestId: 'r' };
  try {
    const answer: unknown = await consumer(Records);
    return { ...result, payload: JSON.stringify(answer ?? null) };
  } catch (error) {
    if (error instanceof AwsError) {
      throw error;
    }
    return {
      ...result,
      payload: JSON.stringify({ errorMessage: String(error) }),
      functionError: 'Unhandled' as const,
    };
  }
}

const failing = (records: readonly SqsRecord[], body: string) => ({
  batchItemFailures: records
    .filter((record) => record.body === body && record.attributes['ApproximateReceiveCount'] === '1')
    .map(({ messageId }) => ({ itemIdentifier: messageId })),
});

describe('a queue’s consumer', () => {
  it('gets records in the form that Lambda gives them, read as its own role', async () => {
    // Prepare
    const bench = await startBench(() => null);

    // Act
    await bench.send('{"order":1}');
    await vi.waitUntil(() => bench.batches.length > 0);

    // Assess
    expect(bench.batches[0]).toEqual([
      {
        messageId: expect.stringMatching(/^[\w-]{36}$/) as string,
        receiptHandle: expect.any(String) as string,
        body: '{"order":1}',
        attributes: expect.objectContaining({
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/) as string,
          SenderId: '123456789012',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/) as string,
        }) as object,
        messageAttributes: {},
        md5OfBody: '190ad5fd0596a0629a0aa256937135a3',
        eventSource: 'aws:sqs',
        eventSourceARN: QUEUE_ARN,
        awsRegion: 'us-east-1',
      },
    ]);
    expect(bench.calls[0]?.principal).toEqual({ kind: 'role', roleArn: functionStub.roleArn, user: 'fn' });
    await vi.waitUntil(async () => (await bench.left()).hidden === 0);
  });

  it('gets only those again that it reported', async () => {
    const bench = await startBench((records) => failing(records, 'b'));

    await bench.send('a', 'b', 'c');
    await vi.waitUntil(async () => (await bench.left()).hidden + (await bench.left()).visible === 0, {
      timeout: 5000,
    });

    expect(bench.batches.flat().filter(({ body }) => body === 'b').length).toBe(2);
    expect(bench.batches.flat().filter(({ body }) => body !== 'b').length).toBe(2);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('x')), 'function'],
    ['answers what is no report', () => 'done', 'answer'],
    [
      'reports a message of another batch',
      () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] }),
      'answer',
    ],
    ['is unknown', () => Promise.reject(new AwsError('ResourceNotFoundException', 'x', 404)), 'invoke'],
  ])('that %s has its whole batch back', async (_, consumer, problem) => {
    const bench = await startBench(consumer);

    await bench.send('a', 'b');
    await vi.waitUntil(() => bench.problems.length > 0);

    expect(bench.problems[0]?.problem).toBe(problem);
    expect(bench.calls.filter(({ operation }) => operation === 'DeleteMessageBatch')).toEqual([]);
    await vi.waitUntil(() => bench.batches.length >= 2, { timeout: 5000 });
  });

  it('that does not report failures is done with whatever it answers', async () => {
    const bench = await startBench((records) => failing(records, 'a'), { reportBatchItemFailures: false });

    await bench.send('a');
    await vi.waitUntil(() => bench.calls.some(({ operation }) => operation === 'DeleteMessageBatch'));

    await vi.waitUntil(async () => (await bench.left()).hidden === 0);
    expect(bench.batches.length).toBe(1);
  });

  it('gets no more batches at a time than its maximum concurrency', async () => {
    let running = 0;
    let most = 0;
    const consumer: Consumer = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
    };
    const bench = await startBench(consumer, { batchSize: 1, maximumConcurrency: 2 });

    await bench.send('a', 'b', 'c', 'd', 'e', 'f');
    await vi.waitUntil(() => bench.batches.length === 6 && running === 0);

    expect(most).toBe(2);
    expect(bench.batches.every((batch) => batch.length === 1)).toBe(true);
  });

  it('gets one batch of what a batching window brings', async () => {
    const bench = await startBench(
      () => null,
      { batchSize: 20, maximumBatchingWindowSeconds: 1 },
      { visibilityTimeout: '30' },
    );

    await bench.send('a');
    await vi.waitUntil(async () => (await bench.left()).hidden === 1);
    await bench.send('b', 'c');
    await vi.waitUntil(() => bench.batches.length > 0, { timeout: 3000 });

    expect(bench.batches.map((batch) => batch.map(({ body }) => body))).toEqual([['a', 'b', 'c']]);
  });

  it('that is throttled is tried again before its messages come back', async () => {
    let refusals = 2;
    const bench = await startBench(() => {
      refusals -= 1;
      if (refusals >= 0) {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      }
      return null;
    });

    await bench.send('a');
    await vi.waitUntil(() => bench.batches.length === 3);

    expect(bench.batches.flat().map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual([
      '1',
      '1',
      '1',
    ]);
    expect(bench.problems).toEqual([]);
  });
});

it('goes on after errors of the queue', async () => {
  let refusals = 3;
  const bench = await startBench(
    () => null,
    {},
    {
      refuse: ({ operation }) => {
        refusals -= operation === 'ReceiveMessage' ? 1 : 0;
        return refusals >= 0 ? new AwsError('AccessDenied', 'no', 403) : undefined;
      },
    },
  );

  await bench.send('a');
  await vi.waitUntil(() => bench.batches.length === 1);

  expect(bench.problems).toHaveLength(3);
  expect(bench.problems[0]).toMatchObject({ problem: 'receive', detail: 'AccessDenied: no' });
});

it('stops at once when idle, and after its batches when not', async () => {
  // Prepare
  const isOver = { first: false };
  const bench = await startBench(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    isOver.first = true;
  });
  await bench.send('a');
  await vi.waitUntil(() => bench.batches.length === 1);

  // Act
  await bench.close();

  // Assess
  expect(isOver.first).toBe(true);
  expect(await bench.left()).toEqual({ visible: 0, hidden: 0 });
});

describe('a batch answer', () => {
  const ids = new Set(['a', 'b']);

  it.each(['null', '{}', '{"batchItemFailures":null}', '{"batchItemFailures":[]}', '{"other":1}'])(
    '%s is success',
    (payload) => {
      expect(readBatchAnswer(payload, ids)).toEqual({ kind: 'processed', failed: new Set() });
    },
  );

  it.each([
    '"text"',
    '[]',
    '{"batchItemFailures":"a"}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"messageId":"a"}]}',
    '{"batchItemFailures":["a"]}',
    '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"other"}]}',
  ])('%s is failure', (payload) => {
    expect(readBatchAnswer(payload, ids)).toMatchObject({ kind: 'failed' });
  });
});
