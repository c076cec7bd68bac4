import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { FailedOrder } from '@dofs/orders/order';
import { failedOrderOfItem, itemOfFailedOrder } from './item-format.ts';
import type { Attempt } from './order-tables.ts';

/** @throws the SDK's service errors */
export async function putFailedOrder(client: DynamoDBClient, table: string, row: FailedOrder): Promise<void> {
  // A row without an attempt belongs to a message that names no order: its id is its own.
  const fencing =
    row.attempts === undefined
      ? {}
      : {
          ConditionExpression: 'attribute_not_exists(order_id) OR attempts <= :attempt',
          ExpressionAttributeValues: { ':attempt': { N: String(row.attempts) } },
        };
  try {
    await client.send(new PutItemCommand({ TableName: table, Item: itemOfFailedOrder(row), ...fencing }));
  } catch (error) {
    rethrowUnlessRefused(error);
  }
}

/** @throws the SDK's service errors */
export async function deleteFailedOrder(
  client: DynamoDBClient,
  table: string,
  { orderId, attempt }: Attempt,
): Promise<void> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: { order_id: { S: orderId } },
        ConditionExpression: 'attribute_not_exists(order_id) OR attempts <= :attempt',
        ExpressionAttributeValues: { ':attempt': { N: String(attempt) } },
      }),
    );
  } catch (error) {
    rethrowUnlessRefused(error);
  }
}

/** A consistent read. @throws the SDK's service errors */
export async function getFailedOrder(
  client: DynamoDBClient,
  table: string,
  orderId: string,
): Promise<FailedOrder | undefined> {
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { order_id: { S: orderId } }, ConsistentRead: true }),
  );
  return item === undefined ? undefined : failedOrderOfItem(item);
}

/** A refusal means that the row of a later attempt is there, and must stay: that is the purpose of the condition. */
function rethrowUnlessRefused(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) {
    throw error;
  }
}
