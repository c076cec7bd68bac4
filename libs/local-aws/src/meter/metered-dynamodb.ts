import { AwsError, type Dispatch, type JsonObject, type ServiceCall } from '../service-call.ts';
import type { TableDescription } from '../stack-description.ts';
import { readUnits, refusedWriteUnits, tableKeys, writeUnits, type TableKeys } from './capacity-units.ts';
import { itemSize, type Item } from './item-size.ts';
import { operationFor, type LookUps } from './look-ups.ts';
import { recent } from './recent.ts';
import type { FindSubjects } from './subjects.ts';
import type { Amounts, Usage } from './usage.ts';

/**
 * Items whose last state is remembered, so that a change is metered without reading the item before it. The
 * writes of one item follow each other within seconds, so this spans some seconds of a busy system.
 */
const REMEMBERED_ITEMS = 2_000;

type Table = TableKeys & { readonly name: string };

/**
 * Meters DynamoDB calls by AWS's rules. What an update found and left is needed for that: the item as it became is
 * asked from the engine with the call itself, the item as it was is remembered from the write before, and read if
 * it isn't. Two writes of one item at the same moment may each be metered against the other's state, which is off
 * by an index entry at most.
 */
export function meteredDynamoDb(
  tables: readonly TableDescription[],
  usage: Usage,
  findSubjects: FindSubjects,
  lookUps: LookUps,
): (call: ServiceCall, next: Dispatch) => Promise<JsonObject> {
  const known = new Map(
    tables.map(({ name, createTable }): [string, Table] => [name, { name, ...tableKeys(createTable) }]),
  );
  const items = recent<Item | null>(REMEMBERED_ITEMS);

  function charge(
    call: Pick<ServiceCall, 'service' | 'operation' | 'principal'>,
    resource: string,
    key: Item | undefined,
    amounts: Amounts,
  ): void {
    const subjects = key === undefined ? [] : findSubjects(JSON.stringify(key));
    const operation = operationFor(lookUps.routeOf(call, subjects), call.operation);
    usage.add({ service: call.service, resource, operation, count: 1, amounts }, subjects);
  }

  return async (call, next) => {
    const table = known.get(tableName(call.input));
    if (table === undefined) {
      return meteredByAnswer(call, next, (resource, units) => charge(call, resource, undefined, units));
    }
    switch (call.operation) {
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        return meteredWrite({ call, next, table, items, charge });
      case 'GetItem': {
        const answer = await next(call);
        const bytes = answer['Item'] === undefined ? 0 : itemSize(answer['Item'] as Item);
        const units = readUnits(bytes, call.input['ConsistentRead'] === true);
        charge(call, table.name, call.input['Key'] as Item, { readUnits: units });
        return answer;
      }
      default:
        return meteredByAnswer(call, next, (_, units) => charge(call, table.name, undefined, units));
    }
  };
}

interface Write {
  readonly call: ServiceCall;
  readonly next: Dispatch;
  readonly table: Table;
  /** The last known state of an item, null: it is known not to exist. */
  readonly items: ReturnType<typeof recent<Item | null>>;
  readonly charge: (call: ServiceCall, resource: string, key: Item, amounts: Amounts) => void;
}

async function meteredWrite(write: Write): Promise<JsonObject> {
  const { call, next, table, items, charge } = write;
  const key = keyOf(table, call);
  const memoryKey = `${table.name} ${JSON.stringify(key)}`;
  const remembered = items.get(memoryKey);
  const before = remembered === undefined ? await readItem(write, key) : (remembered ?? undefined);
  try {
    const answer = await next(askingForItem(call));
    const after = await itemAfter(write, key, answer);
    items.set(memoryKey, after ?? null);
    charge(call, table.name, key, { writeUnits: writeUnits(table, before, after) });
    return asAsked(call, answer);
  } catch (error) {
    items.delete(memoryKey);
    if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') {
      // Under a name of its own: it costs, but nothing was written.
      const refused = { ...call, operation: `${call.operation} refused` };
      charge(refused, table.name, key, { writeUnits: refusedWriteUnits(before) });
    }
    throw error;
  }
}

function keyOf(table: Table, { operation, input }: ServiceCall): Item {
  const source = (operation === 'PutItem' ? input['Item'] : input['Key']) as Item | undefined;
  return Object.fromEntries(table.keys.map((name) => [name, source?.[name] ?? {}]));
}

async function readItem({ call, next }: Write, key: Item): Promise<Item | undefined> {
  const input = { TableName: call.input['TableName'], Key: key, ConsistentRead: true };
  try {
    const { Item: item } = await next({ ...call, operation: 'GetItem', input });
    return item as Item | undefined;
  } catch (error) {
    if (error instanceof AwsError) {
      return undefined; // A call with a wrong key: its own answer says so.
    }
    throw error;
  }
}

/** An update that asks for no item back is made to, for the meter. */
function askingForItem(call: ServiceCall): ServiceCall {
  return call.operation === 'UpdateItem' && asksForNothing(call)
    ? { ...call, input: { ...call.input, ReturnValues: 'ALL_NEW' } }
    : call;
}

function asAsked(call: ServiceCall, answer: JsonObject): JsonObject {
  if (call.operation !== 'UpdateItem' || !asksForNothing(call)) {
    return answer;
  }
  return without(answer, 'Attributes');
}

function without(answer: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== member));
}

function asksForNothing({ input }: ServiceCall): boolean {
  return input['ReturnValues'] === undefined || input['ReturnValues'] === 'NONE';
}

async function itemAfter(write: Write, key: Item, answer: JsonObject): Promise<Item | undefined> {
  const { operation, input } = write.call;
  if (operation === 'DeleteItem') {
    return undefined;
  }
  if (operation === 'PutItem') {
    return input['Item'] as Item;
  }
  const returned = input['ReturnValues'];
  return asksForNothing(write.call) || returned === 'ALL_NEW'
    ? (answer['Attributes'] as Item)
    : readItem(write, key);
}

/** What reads and writes data by rules that this meter doesn't know. */
const UNPRICED = new Set([
  'TransactGetItems',
  'TransactWriteItems',
  'ExecuteStatement',
  'ExecuteTransaction',
  'BatchExecuteStatement',
]);

/** For queries, scans and batches: the engine's own account of what they consumed. */
async function meteredByAnswer(
  call: ServiceCall,
  next: Dispatch,
  charge: (resource: string, amounts: Amounts) => void,
): Promise<JsonObject> {
  if (UNPRICED.has(call.operation)) {
    charge(tableName(call.input), { unpriced: 1 });
    return next(call);
  }
  const isRead = ['Query', 'Scan', 'BatchGetItem'].includes(call.operation);
  if (!isRead && call.operation !== 'BatchWriteItem') {
    return next(call); // What manages tables is free.
  }
  const answer = await next({ ...call, input: { ReturnConsumedCapacity: 'TOTAL', ...call.input } });
  const consumed = [(answer['ConsumedCapacity'] ?? []) as JsonObject | JsonObject[]].flat();
  for (const { TableName, CapacityUnits } of consumed) {
    const units = Math.max(Number(CapacityUnits), isRead ? 0.5 : 1);
    charge(String(TableName), isRead ? { readUnits: units } : { writeUnits: units });
  }
  const wasAsked = call.input['ReturnConsumedCapacity'] !== undefined;
  return wasAsked ? answer : without(answer, 'ConsumedCapacity');
}

/** A table may be named by its ARN. */
function tableName({ TableName: name }: JsonObject): string {
  return typeof name === 'string' ? (name.split('/').at(-1) ?? '') : '';
}
