import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDispatch } from '../dispatch.ts';
import { startDynamoDb, type DynamoDb } from '../dynamodb/dynamodb-service.ts';
import type { Dispatch, JsonObject, ServiceName } from '../service-call.ts';
import { startSqs, type Sqs } from '../sqs/sqs-service.ts';
import type { FunctionDescription } from '../stack-description.ts';
import { request } from './meter-fixture.ts';
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

  it('bills a refused conditional write under a name of its own, and passes the refusal on', async () => {
    // Prepare
    await write('PutItem', { Item: { thing_id: { S: A }, status: { S: 'NEW' } } });

    // Act
    const refused = setStatus('DONE', { ConditionExpression: 'attribute_not_exists(thing_id)' });

    // Assess
    await expect(refused).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
    expect(amounts(A, 'UpdateItem refused')).toEqual({ writeUnits: 1 });
    expect(amounts(A, 'UpdateItem')).toBeUndefined();
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

  it('tells what a look-up uses from what making the thing uses', async () => {
    // Prepare
    const get = (caller: string) =>
      dispatch({
        service: 'dynamodb',
        operation: 'GetItem',
        input: { TableName: 'things', Key: { thing_id: { S: A } } },
        principal: { kind: 'role', roleArn: 'arn', user: caller },
      });
    const sink = meter.logs({ append: () => undefined });
    const runner = meter.functions({
      async invoke() {
        sink.append('/aws/lambda/work', 's', [{ timestamp: 0, message: 'START RequestId: i Version: 1' }]);
        await get('work');
        await get('other');
        return { payload: '{}', billedMs: 100, requestId: 'i' };
      },
    });
    const event = { resource: '/thing/{id}', path: `/thing_id/${A}`, httpMethod: 'GET' };

    // Act
    await runner.invoke('arn:aws:lambda:us-east-1:123456789012:function:work', JSON.stringify(event));
    await get('work');
    meter.apiRequest(request('GET /thing/{id}'), event.path);

    // Assess
    const lines = meter.reading([A]).subjects[A]?.map(({ operation, count }) => [operation, count]);
    expect(new Map(lines as [string, number][])).toEqual(
      new Map([
        ['GetItem for GET /thing/{id}', 1],
        ['GetItem', 2],
        ['Invoke for GET /thing/{id}', 1],
        ['PutLogEvents for GET /thing/{id}', 1],
        ['GET /thing/{id}', 1],
      ]),
    );
  });

  it('shows the calls that it can’t price', async () => {
    // Act
    await write('ExecuteStatement', {}).catch(() => undefined); // No engine here knows it.

    // Assess
    expect(meter.reading([]).run).toEqual([
      {
        service: 'dynamodb',
        resource: 'things',
        operation: 'ExecuteStatement',
        count: 1,
        amounts: { unpriced: 1 },
      },
    ]);
  });
});
