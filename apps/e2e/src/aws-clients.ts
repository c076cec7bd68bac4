import { DynamoDBClient, GetItemCommand, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

type Item = Record<string, AttributeValue>;

export interface AwsView {
  failedOrder(orderId: string): Promise<Item | undefined>;
  orders(): Promise<Item[]>;
  failedOrders(): Promise<Item[]>;
  /** Messages in order-queue and order-dlq, waiting or in flight. */
  messagesLeft(): Promise<number>;
  close(): void;
}

/**
 * Looks at the tables and queues of an environment as an operator does.
 * @param endpoint the AWS endpoint; empty: AWS itself
 * @param prefix `dofs-dev`
 */
export function awsView(endpoint: string, prefix: string): AwsView {
  const settings = clientSettings(endpoint);
  const dynamo = new DynamoDBClient(settings);
  const sqs = new SQSClient(settings);
  return {
    async failedOrder(orderId) {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({
          TableName: `${prefix}-failed-orders`,
          Key: { order_id: { S: orderId } },
          ConsistentRead: true,
        }),
      );
      return item;
    },
    orders: () => scan(dynamo, `${prefix}-orders`),
    failedOrders: () => scan(dynamo, `${prefix}-failed-orders`),
    async messagesLeft() {
      const counts = await Promise.all(
        ['order-queue', 'order-dlq'].map((queue) => messagesIn(sqs, `${prefix}-${queue}`)),
      );
      return counts.reduce((total, count) => total + count, 0);
    },
    close() {
      dynamo.destroy();
      sqs.destroy();
    },
  };
}

export function clientSettings(endpoint: string) {
  const region = process.env['AWS_REGION'] ?? 'us-east-1';
  return endpoint === ''
    ? { region }
    : { region, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

async function scan(dynamo: DynamoDBClient, table: string): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } = await dynamo.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

async function messagesIn(sqs: SQSClient, queueName: string): Promise<number> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((total, count) => total + Number(count), 0);
}
