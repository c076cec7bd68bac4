import { createRequire } from 'node:module';
import { unknownOperation } from '../dispatch.ts';
import { AwsError, type JsonObject } from '../service-call.ts';

/**
 * Dynalite without its HTTP server: its own validations and actions over its own store, in the order in which its
 * request handler calls them.
 */
export interface DynaliteEngine {
  /** @throws AwsError as DynamoDB answers */
  run(operation: string, input: JsonObject): Promise<JsonObject>;
  /** Makes a table usable that was being created when the process was killed. */
  activateTable(table: JsonObject & { readonly TableName: string }): Promise<void>;
  close(): Promise<void>;
}

const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

type Callback<T> = (error: Error | null | undefined, value: T) => void;

interface Store {
  readonly tableDb: {
    awsAccountId: string;
    awsRegion: string;
    put(key: string, value: unknown, done: Callback<void>): void;
  };
  readonly db: { close(done: Callback<void>): void; open(): Promise<void> };
}

interface Validation {
  readonly types: unknown;
  readonly custom?: unknown;
}

interface Validations {
  checkTypes(data: Record<string, unknown>, types: unknown): Record<string, unknown>;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: Store): void;
}

type Action = (store: Store, data: Record<string, unknown>, done: Callback<JsonObject>) => void;

/** Which of dynalite's files; it has no types of its own. */
const load = createRequire(import.meta.url) as (path: string) => unknown;

interface Operation {
  readonly validation: Validation;
  readonly action: Action;
}

/** DynamoDB's limit of an item. */
const MAX_ITEM_SIZE_KB = 400;

/**
 * Opens a store.
 * @param path the LevelDB folder, absent: in memory
 * @throws Error if the folder can't be opened (no rights, or another process holds it)
 */
export async function openDynalite(options: {
  readonly path?: string;
  readonly accountId: string;
  readonly region: string;
}): Promise<DynaliteEngine> {
  const stores = load('dynalite/db/index.js') as { create(options: unknown): Store };
  const store = stores.create({
    ...(options.path === undefined ? {} : { path: options.path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    maxItemSizeKb: MAX_ITEM_SIZE_KB,
  });
  store.tableDb.awsAccountId = options.accountId;
  store.tableDb.awsRegion = options.region;
  await store.db.open();
  const validations = load('dynalite/validations/index.js') as Validations;
  const operations = loadOperations();
  return {
    run(operation, input) {
      const found = operations.get(operation);
      return found === undefined
        ? Promise.reject(unknownOperation('dynamodb', operation))
        : runOperation(store, validations, found, input);
    },
    activateTable: (table) =>
      promised<void>((done) => {
        store.tableDb.put(table.TableName, activated(table), done);
      }),
    close: () =>
      promised<void>((done) => {
        store.db.close(done);
      }),
  };
}

function loadOperations(): ReadonlyMap<string, Operation> {
  return new Map(
    OPERATIONS.map((name) => {
      const file = name.charAt(0).toLowerCase() + name.slice(1);
      return [
        name,
        {
          validation: load(`dynalite/validations/${file}.js`) as Validation,
          action: load(`dynalite/actions/${file}.js`) as Action,
        },
      ];
    }),
  );
}

async function runOperation(
  store: Store,
  validations: Validations,
  { validation, action }: Operation,
  input: JsonObject,
): Promise<JsonObject> {
  try {
    // A copy, for dynalite takes out what it doesn't know.
    const data = validations.checkTypes({ ...input }, validation.types);
    validations.checkValidations(data, validation.types, validation.custom, store);
    return await promised<JsonObject>((done) => {
      action(store, data, done);
    });
  } catch (error) {
    throw asAwsError(error);
  }
}

function promised<T>(start: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) {
        reject(error);
      } else {
        resolve(value);
      }
    });
  });
}

/** Dynalite's errors carry the answer's body; any other is a defect and goes on as it is. */
function asAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || !('body' in error) || !('statusCode' in error)) {
    return error;
  }
  const { body, statusCode } = error as Error & {
    readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
    readonly statusCode: number;
  };
  const code = body.__type.split('#').at(-1) ?? body.__type;
  return new AwsError(code, body.message ?? body.Message ?? '', statusCode);
}

function activated(table: JsonObject): JsonObject {
  const indexes = table['GlobalSecondaryIndexes'] as readonly JsonObject[] | undefined;
  return {
    ...table,
    TableStatus: 'ACTIVE',
    ...(indexes === undefined
      ? {}
      : { GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, IndexStatus: 'ACTIVE' })) }),
  };
}
