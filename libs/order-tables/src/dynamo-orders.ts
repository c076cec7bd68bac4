import { setTimeout } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import type { Order } from '@dofs/orders/order';
import { itemOfOrder, orderOfItem, type Item } from './item-format.ts';
import type { Creation, OrderState, Transition } from './order-tables.ts';
import type { ConditionalChange } from './transitions.ts';
import { updateExpression } from './update-expression.ts';

/** Keys in one BatchGetItem, at most (AWS: "BatchGetItem", request parameters). */
const MAX_BATCH_GET = 100;

/** @throws the SDK's service errors */
export async function createOrder(client: DynamoDBClient, table: string, order: Order): Promise<Creation> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: itemOfOrder(order),
        ConditionExpression: 'attribute_not_exists(order_id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { created: true };
  } catch (error) {
    const existing = await orderThatRefused(client, table, order.order_id, error);
    if (existing === undefined) {
      throw error; // Removed since the condition failed: nobody but an operator does that.
    }
    return { created: false, existing };
  }
}

/** @throws the SDK's service errors */
export async function changeOrder(
  client: DynamoDBClient,
  table: string,
  orderId: string,
  { change, expectation }: ConditionalChange,
): Promise<Transition> {
  try {
    const { Attributes: item } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { order_id: { S: orderId } },
        ...updateExpression(change, expectation),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { done: true, order: orderOfItem(item ?? {}) };
  } catch (error) {
    return { done: false, order: await orderThatRefused(client, table, orderId, error) };
  }
}

/** A consistent read. @throws the SDK's service errors */
export async function getOrder(
  client: DynamoDBClient,
  table: string,
  orderId: string,
): Promise<Order | undefined> {
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { order_id: { S: orderId } }, ConsistentRead: true }),
  );
  return item === undefined ? undefined : orderOfItem(item);
}

/** DynamoDB read nothing of a batch, several times in a row: it is throttled. */
export class NothingReadError extends Error {
  override readonly name = 'NothingReadError';
  constructor(table: string) {
    super(`${table}: BatchGetItem gave nothing back ${READS_FOR_NOTHING} times in a row`);
  }
}

/** After so many answers without an order the reader gives up. */
const READS_FOR_NOTHING = 6;
/** Before the second try, in milliseconds; doubled before each further one (AWS: "BatchGetItem" asks for that). */
const FIRST_PAUSE_MS = 25;

/** Consistent reads, a hundred a call. @throws NothingReadError, the SDK's service errors */
export async function getOrders(
  client: DynamoDBClient,
  table: string,
  orderIds: readonly string[],
): Promise<Order[]> {
  return (await batchGet(client, table, orderIds, {})).map(orderOfItem);
}

/** As `getOrders`; the rest of an order, which may be long, isn't sent. */
export async function getOrderStates(
  client: DynamoDBClient,
  table: string,
  orderIds: readonly string[],
): Promise<OrderState[]> {
  const fields = ['order_id', 'correlation_id', 'status', 'updated_at', 'attempts'];
  const items = await batchGet(client, table, orderIds, {
    ProjectionExpression: fields.map((field) => `#${field}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(fields.map((field) => [`#${field}`, field])),
  });
  return items.map(orderOfItem);
}

async function batchGet(
  client: DynamoDBClient,
  table: string,
  orderIds: readonly string[],
  projection: Pick<KeysAndAttributes, 'ProjectionExpression' | 'ExpressionAttributeNames'>,
): Promise<Item[]> {
  const items: Item[] = [];
  let keys: Item[] = [...new Set(orderIds)].map((id) => ({ order_id: { S: id } }));
  let readsForNothing = 0;
  while (keys.length > 0) {
    if (readsForNothing > 0) {
      await setTimeout(FIRST_PAUSE_MS * 2 ** (readsForNothing - 1));
    }
    const batch: Record<string, KeysAndAttributes> = {
      [table]: { Keys: keys.slice(0, MAX_BATCH_GET), ConsistentRead: true, ...projection },
    };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: batch }));
    items.push(...(answer.Responses?.[table] ?? []));
    // Over 16 MB, or throttled in part: DynamoDB hands the rest back.
    const unread = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    readsForNothing = unread.length === Math.min(keys.length, MAX_BATCH_GET) ? readsForNothing + 1 : 0;
    if (readsForNothing === READS_FOR_NOTHING) {
      throw new NothingReadError(table);
    }
    keys = [...unread, ...keys.slice(MAX_BATCH_GET)];
  }
  return items;
}

/**
 * The order whose state refused a conditional write. DynamoDB sends it along with the refusal, which saves the
 * read; engines that don't are asked for it.
 * @throws the error itself, if it is no refusal
 */
async function orderThatRefused(
  client: DynamoDBClient,
  table: string,
  orderId: string,
  error: unknown,
): Promise<Order | undefined> {
  if (!(error instanceof ConditionalCheckFailedException)) {
    throw error;
  }
  return error.Item === undefined ? getOrder(client, table, orderId) : orderOfItem(error.Item);
}
