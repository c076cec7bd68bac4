import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../service-call.ts';
import { startDynamoDb, type DynamoDb } from './dynamodb-service.ts';
import { TableChangedError } from './tables.ts';

const TABLE = 'orders';
const ARN = `arn:aws:dynamodb:us-east-1:123456789012:table/${TABLE}`;

function stack(rangeKey?: string) {
  return {
    accountId: '123456789012',
    region: 'us-east-1',
    tables: [
      {
        name: TABLE,
        arn: ARN,
        createTable: {
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'order_id', AttributeType: 'S' },
            { AttributeName: 'status', AttributeType: 'S' },
            ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, AttributeType: 'S' }]),
          ],
          KeySchema: [
            { AttributeName: 'order_id', KeyType: 'HASH' },
            ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: 'RANGE' }]),
          ],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'by-status',
              KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
          // What dynalite doesn't know must not keep the table from being made.
          DeletionProtectionEnabled: true,
        },
      },
    ],
  };
}

describe('DynamoDB', () => {
  let dataDir: string;
  let open: DynamoDb[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'dynamodb-'));
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((database) => database.close()));
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(directory?: string): Promise<DynamoDb> {
    const database = await startDynamoDb(stack(), directory);
    open.push(database);
    return database;
  }
  const send = (database: DynamoDb, operation: string, input: JsonObject) =>
    database.call({ service: 'dynamodb', operation, input, principal: { kind: 'operator' } });

  it('has the tables of the stack, active, under their own ARNs', async () => {
    // Act
    const { Table } = await send(await start(), 'DescribeTable', { TableName: ARN });

    // Assess
    expect(Table).toMatchObject({ TableName: TABLE, TableStatus: 'ACTIVE', TableArn: ARN });
  });

  it('keeps items across a restart, indexes included', async () => {
    // Prepare
    const first = await start(dataDir);
    await send(first, 'PutItem', {
      TableName: TABLE,
      Item: { order_id: { S: '1' }, status: { S: 'FAILED' } },
    });
    await first.close();
    open = [];

    // Act
    const { Items } = await send(await start(dataDir), 'Query', {
      TableName: TABLE,
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :failed',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':failed': { S: 'FAILED' } },
    });

    // Assess
    expect(Items).toEqual([{ order_id: { S: '1' }, status: { S: 'FAILED' } }]);
  });

  it('refuses a data directory in which the table has other keys', async () => {
    // Prepare
    const first = await start(dataDir);
    await first.close();
    open = [];

    // Act
    const restart = startDynamoDb(stack('created_at'), dataDir);

    // Assess
    await expect(restart).rejects.toThrow(TableChangedError);
    await expect(restart).rejects.toThrow(/orders/);
  });

  it.each([
    ['PutItem', { Item: { order_id: { S: '1' }, status: { S: 'NEW' } } }],
    [
      'UpdateItem',
      {
        Key: { order_id: { S: '1' } },
        UpdateExpression: 'SET attempts = :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    ],
  ])('hands the item back with a failed condition of %s', async (operation, input) => {
    // Prepare
    const database = await start();
    const item = { order_id: { S: '1' }, status: { S: 'FULFILLED' } };
    await send(database, 'PutItem', { TableName: TABLE, Item: item });

    // Act
    const answer = send(database, operation, {
      TableName: TABLE,
      ...input,
      ConditionExpression: 'attribute_not_exists(order_id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });

    // Assess
    await expect(answer).rejects.toMatchObject({
      code: 'ConditionalCheckFailedException',
      statusCode: 400,
      members: { Item: item },
    });
  });

  it('refuses an item over 400 KB', async () => {
    // Act
    const answer = send(await start(), 'PutItem', {
      TableName: TABLE,
      Item: { order_id: { S: '1' }, note: { S: 'x'.repeat(400 * 1024) } },
    });

    // Assess
    await expect(answer).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/Item size has exceeded/) as string,
    });
  });

  it('names an operation that it does not have', async () => {
    // Act
    const answer = send(await start(), 'TransactWriteItems', {});

    // Assess
    await expect(answer).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: expect.stringContaining('TransactWriteItems') as string,
    });
  });

  it('answers what tools ask about a table besides its items', async () => {
    // Prepare
    const database = await start();

    // Act
    const backups = await send(database, 'DescribeContinuousBackups', { TableName: TABLE });
    const timeToLive = await send(database, 'DescribeTimeToLive', { TableName: TABLE });

    // Assess
    expect(backups).toHaveProperty('ContinuousBackupsDescription');
    expect(timeToLive).toHaveProperty('TimeToLiveDescription');
  });

  it('says which table or index a call acts on', async () => {
    // Prepare
    const database = await start();
    const arns = (operation: string, input: JsonObject) =>
      database.resourceArns({ service: 'dynamodb', operation, input, principal: { kind: 'operator' } });

    // Act
    const found = [
      arns('GetItem', { TableName: TABLE }),
      arns('Query', { TableName: TABLE, IndexName: 'by-status' }),
      arns('BatchWriteItem', { RequestItems: { [TABLE]: [] } }),
      arns('ListTables', {}),
    ];

    // Assess
    expect(found).toEqual([[ARN], [`${ARN}/index/by-status`], [ARN], ['*']]);
  });
});
