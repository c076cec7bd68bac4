import { AwsError, type JsonObject, type Service, type ServiceCall } from '../service-call.ts';
import type { StackDescription } from '../stack-description.ts';
import { openDynalite, type DynaliteEngine } from './dynalite-engine.ts';
import { ensureTable } from './tables.ts';

export interface DynamoDb extends Service {
  close(): Promise<void>;
}

/**
 * DynamoDB with the stack's tables.
 * @param dataDir where the items live, absent: in memory
 * @throws TableChangedError
 */
export async function startDynamoDb(
  description: Pick<StackDescription, 'tables' | 'accountId' | 'region'>,
  dataDir: string | undefined,
): Promise<DynamoDb> {
  const engine = await openDynalite({
    ...(dataDir === undefined ? {} : { path: dataDir }),
    accountId: description.accountId,
    region: description.region,
  });
  try {
    for (const table of description.tables) {
      await ensureTable(engine, table);
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
  const arnOf = (table: string) =>
    table.startsWith('arn:')
      ? table
      : `arn:aws:dynamodb:${description.region}:${description.accountId}:table/${table}`;
  return {
    name: 'dynamodb',
    call: (call) => answer(engine, call),
    resourceArns: (call) => resourcesOf(call, arnOf),
    close: () => engine.close(),
  };
}

/** A table may be named by its ARN; dynalite wants the name. */
function withTableName(input: JsonObject): JsonObject {
  const table = input['TableName'];
  return typeof table === 'string' && table.startsWith('arn:')
    ? { ...input, TableName: table.split('/')[1] }
    : input;
}

async function answer(engine: DynaliteEngine, call: ServiceCall): Promise<JsonObject> {
  const input = withTableName(call.input);
  switch (call.operation) {
    case 'DescribeContinuousBackups':
      await engine.run('DescribeTable', { TableName: input['TableName'] });
      return { ContinuousBackupsDescription: NO_BACKUPS };
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return write(engine, call.operation, input);
    default:
      return engine.run(call.operation, input);
  }
}

const NO_BACKUPS = {
  ContinuousBackupsStatus: 'ENABLED',
  PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
};

/** Dynalite doesn't know ReturnValuesOnConditionCheckFailure, so the item that failed the condition is read here. */
async function write(engine: DynaliteEngine, operation: string, input: JsonObject): Promise<JsonObject> {
  try {
    return await engine.run(operation, input);
  } catch (error) {
    const wanted = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    if (!wanted || !(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') {
      throw error;
    }
    const item = await currentItem(engine, input);
    throw new AwsError(error.code, error.message, error.statusCode, item === undefined ? {} : { Item: item });
  }
}

async function currentItem(engine: DynaliteEngine, input: JsonObject): Promise<unknown> {
  const { TableName } = input;
  const { Item } = await engine.run('GetItem', {
    TableName,
    Key: input['Key'] ?? (await keyOf(engine, TableName, input['Item'] as JsonObject)),
    ConsistentRead: true,
  });
  return Item;
}

async function keyOf(engine: DynaliteEngine, tableName: unknown, item: JsonObject): Promise<JsonObject> {
  const { Table } = await engine.run('DescribeTable', { TableName: tableName });
  const { KeySchema } = Table as { readonly KeySchema: readonly { readonly AttributeName: string }[] };
  return Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
}

function resourcesOf({ input }: ServiceCall, arnOf: (table: string) => string): readonly string[] {
  const { TableName, IndexName, RequestItems, ResourceArn } = input;
  if (typeof RequestItems === 'object' && RequestItems !== null) {
    return Object.keys(RequestItems).map(arnOf);
  }
  if (typeof TableName === 'string') {
    const table = arnOf(TableName);
    return [typeof IndexName === 'string' ? `${table}/index/${IndexName}` : table];
  }
  return [typeof ResourceArn === 'string' ? ResourceArn : '*'];
}
