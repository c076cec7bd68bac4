import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDispatch } from '../dispatch.ts';
import { startDynamoDb, type DynamoDb } from '../dynamodb/dynamodb-service.ts';
import type { Dispatch, JsonObject, ServiceName } from '../service-call.ts';
import { startSqs, type Sqs } from '../sqs/sqs-service.ts';
import type { FunctionDescription } from '../stack-description.ts';
import { meterPage } from './meter-page.ts';
import { createMeter, type Meter } from './meter.ts';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';
const STACK = {
  accountId: '123456789012',
  region: 'us-east-1',
  functions: [{ name: 'work', memorySizeMb: 512 } as FunctionDescription],
  queues: [{ name: 'jobs', arn: 'arn:aws:sqs:us-east-1:123456789012:jobs', attributes: {} }],
  tables: [
    {
      name: 'things',
      arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/things',
      createTable: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'thing_id', AttributeType: 'S' },
          { AttributeName: 'status', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'thing_id', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-status',
            KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      },
    },
  ],
};

describe('the meter', () => {
  let meter: Meter;
  let dynamoDb: DynamoDb;
  let sqs: Sqs;
  let dispatch: Dispatch;
  beforeEach(async () => {
    meter = createMeter(STACK, {
      subject: String.raw`thing_id\W+(?:S\W+)?([0-9a-f-]{36})`,
      mostSubjects: 100,
      clock: () => 0,
    });
    dynamoDb = await startDynamoDb(STACK, undefined);
    sqs = await startSqs(STACK, { clock: Date.now, endpoint: () => 'http://127.0.0.1' });
    dispatch = createDispatch([dynamoDb, sqs], [meter.interceptor]);
  });
  afterEach(async () => {
    sqs.close();
    await dynamoDb.close();
  });

  const send = (service: ServiceName, operation: string, input: JsonObject) =>
    dispatch({ service, operation, input, principal: { kind: 'operator' } });
  const write = (operation: string, input: JsonObject) =>
    send('dynamodb', operation, { TableName: 'things', ...input });
  const setStatus = (status: string, more: JsonObject = {}) =>
    write('UpdateItem', {
      Key: { thing_id: { S: A } },
      UpdateExpression: 'SET #s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: status } },
      ...more,
    });
  const amounts = (subject: string, operation: string) =>
    meter.reading([subject]).subjects[subject]?.find((line) => line.operation === operation)?.amounts;

  it('bills a put and an update with what their index needs', async () => {
    // Act
    await write('PutItem', { Item: { thing_id: { S: A }, status: { S: 'NEW' } } });
    await setStatus('DONE');

    // Assess
    expect(amounts(A, 'PutItem')).toEqual({ writeUnits: 2 });
    expect(amounts(A, 'UpdateItem')).toEqual({ writeUnits: 3 });
    expect(amounts(A, 'GetItem')).toBeUndefined();
  });

  it('knows the item before a change that it did not see being made', async () => {
    // Prepare
    const item = { thing_id: { S: A }, status: { S: 'NEW' }, note: { S: 'x'.repeat(2500) } };
    await dynamoDb.call({
      service: 'dynamodb',
      operation: 'PutItem',
      input: { TableName: 'things', Item: item },
      principal: { kind: 'operator' },
    });

    // Act
    await write('DeleteItem', { Key: { thing_id: { S: A } } });

    // Assess
    expect(amounts(A, 'DeleteItem')).toEqual({ writeUnits: 3 + 1 });
  });

  it('bills a refused conditional write, and passes the refusal on', async () => {
    // Prepare
    await write('PutItem', { Item: { thing_id: { S: A }, status: { S: 'NEW' } } });

    // Act
    const refused = setStatus('DONE', { ConditionExpression: 'attribute_not_exists(thing_id)' });

    // Assess
    await expect(refused).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
    expect(amounts(A, 'UpdateItem')).toEqual({ writeUnits: 1 });
  });

  it('leaves the answers as they would be without it', async () => {
    // Act
    const put = await write('PutItem', { Item: { thing_id: { S: A } } });
    const quiet = await setStatus('ONE');
    const old = await setStatus('TWO', { ReturnValues: 'ALL_OLD' });
    const query = await write('Scan', {});

    // Assess
    expect(JSON.stringify(put)).toBe('{}');
    expect(JSON.stringify(quiet)).toBe('{}');
    expect(old['Attributes']).toMatchObject({ status: { S: 'ONE' } });
    expect(query).not.toHaveProperty('ConsumedCapacity');
    expect(query['Count']).toBe(1);
  });

  it('bills reads by consistency, and lists to the run alone', async () => {
    // Act
    await write('GetItem', { Key: { thing_id: { S: A } }, ConsistentRead: true });
    await write('Scan', {});

    // Assess
    expect(amounts(A, 'GetItem')).toEqual({ readUnits: 1 });
    expect(meter.reading([]).run.find(({ operation }) => operation === 'Scan')?.amounts).toEqual({
      readUnits: 0.5,
    });
  });

  it('shares the requests of a batch between its messages, deletion included', async () => {
    // Prepare
    const QueueUrl = 'http://127.0.0.1/123456789012/jobs';
    const body = (id: string) => JSON.stringify({ thing_id: id });
    await send('sqs', 'ReceiveMessage', { QueueUrl });
    await send('sqs', 'SendMessage', { QueueUrl, MessageBody: body(A) });
    await send('sqs', 'SendMessage', { QueueUrl, MessageBody: body(B) + ' '.repeat(100_000) });

    // Act
    const { Messages } = await send('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    const Entries = (Messages as { ReceiptHandle: string }[]).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await send('sqs', 'DeleteMessageBatch', { QueueUrl, Entries });

    // Assess
    expect(amounts(A, 'SendMessage')).toEqual({ requests: 1 });
    expect(amounts(B, 'SendMessage')).toEqual({ requests: 2 });
    expect(amounts(A, 'ReceiveMessage')).toEqual({ requests: 1 });
    expect(amounts(A, 'DeleteMessageBatch')).toEqual({ requests: 0.5 });
    expect(meter.reading([]).run.find(({ operation }) => operation === 'ReceiveMessage')).toMatchObject({
      count: 2,
      amounts: { emptyReceives: 1, requests: 2 },
    });
  });

  it('bills a function by its memory, and finds in its answer whose call it was', async () => {
    // Prepare
    const payload = JSON.stringify({ statusCode: 200, body: JSON.stringify({ thing_id: A }) });
    const runner = meter.functions({
      invoke: () => Promise.resolve({ payload, billedMs: 100, requestId: 'r' }),
    });

    // Act
    await runner.invoke('arn:aws:lambda:us-east-1:123456789012:function:work', '{"requestId":"x"}');

    // Assess
    expect(amounts(A, 'Invoke')).toEqual({ invocations: 1, billedMs: 100, gbSeconds: 0.05 });
  });

  it('bills STANDARD executions by state and retry, EXPRESS ones by memory and time', () => {
    // Prepare
    const run = (type: 'STANDARD' | 'EXPRESS', id: string) => {
      const machine = { name: 'machine', type, definition: '{}' };
      const tell = (event: JsonObject) => meter.executionEvent(machine, `arn:thing_id:${id}`, 0, event);
      tell({ type: 'ExecutionStarted' });
      tell({ type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Store', input: '{}' } });
      tell({ type: 'TaskScheduled' });
      tell({ type: 'TaskFailed' });
      tell({ type: 'TaskScheduled' });
      tell({ type: 'TaskStateExited' });
      tell({ type: 'ExecutionSucceeded', timestamp: 0.101 });
    };

    // Act
    run('STANDARD', A);
    run('EXPRESS', B);

    // Assess
    expect(amounts(A, 'Store')).toEqual({ transitions: 2 });
    expect(amounts(A, 'execution')).toEqual({ transitions: 1 });
    expect(amounts(B, 'Store')).toEqual({});
    expect(amounts(B, 'execution')).toEqual({ executions: 1, gbSeconds: 0.0125 });
  });

  it('meters log lines and API requests', () => {
    // Prepare
    const lines: string[] = [];
    const sink = meter.logs({
      append: (_, __, events) => lines.push(...events.map(({ message }) => message)),
    });

    // Act
    sink.append('/aws/lambda/work', 's', [{ timestamp: 0, message: `{"thing_id":"${A}"}` }]);
    meter.apiRequest('api', 'POST /thing', `{"thing_id":"${A}"}`);

    // Assess
    expect(lines).toHaveLength(1);
    expect(amounts(A, 'PutLogEvents')).toEqual({ logBytes: 51 });
    expect(amounts(A, 'POST /thing')).toEqual({ apiRequests: 1 });
  });

  it('forgets the oldest subjects, never the sum', () => {
    // Act
    for (let n = 0; n < 150; n += 1) {
      const id = `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
      meter.apiRequest('api', 'GET', `thing_id ${id}`);
    }
    const { run, subjects } = meter.reading('all');

    // Assess
    expect(Object.keys(subjects)).toHaveLength(100);
    expect(run[0]?.count).toBe(150);
  });
});

describe('GET /_meter', () => {
  const meter = createMeter(
    { tables: [], functions: [] },
    { subject: '[0-9a-f-]{36}', mostSubjects: 9, clock: () => 0 },
  );
  const ask = (method: string, url: string, body = '') =>
    meterPage(meter, { method, url, headers: {}, body: Buffer.from(body) });
  const subjectsIn = (answer: ReturnType<typeof ask>) =>
    Object.keys((JSON.parse(String(answer?.body)) as { subjects: object }).subjects);
  meter.apiRequest('api', 'GET', A);
  meter.apiRequest('api', 'GET', B);

  it('answers with the subjects asked for', () => {
    // Assess
    expect(subjectsIn(ask('GET', '/_meter'))).toEqual([]);
    expect(subjectsIn(ask('GET', `/_meter?subject=${A}`))).toEqual([A]);
    expect(subjectsIn(ask('GET', '/_meter?subjects=all'))).toEqual([A, B]);
    expect(subjectsIn(ask('POST', '/_meter', JSON.stringify({ subjects: [B, 'unknown'] })))).toEqual([B]);
  });

  it('says what it wants, and leaves other requests alone', () => {
    // Assess
    expect(ask('POST', '/_meter', 'what')?.statusCode).toBe(400);
    expect(ask('DELETE', '/_meter')?.statusCode).toBe(400);
    expect(ask('POST', '/')).toBeUndefined();
  });
});
