import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { QueueDepthUnknownError, sqsOrderQueues } from './sqs-order-queues.ts';

const URLS = { orderQueue: 'http://127.0.0.1/1/order-queue', orderDlq: 'http://127.0.0.1/1/order-dlq' };

/** A client that is answered without a network, with those of the attributes that were asked for. */
function clientAnswering(attributes: Readonly<Record<string, string>>): SQSClient {
  const client = new SQSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    () => (args) => {
      const { AttributeNames = [] } = args.input as { AttributeNames?: readonly string[] };
      const asked = Object.entries(attributes).filter(([name]) => AttributeNames.includes(name));
      return Promise.resolve({
        response: {},
        output: { $metadata: {}, Attributes: Object.fromEntries(asked) },
      });
    },
    { step: 'initialize', name: 'answer' },
  );
  return client;
}

it('counts the messages that wait, that are delayed, and that somebody works on', async () => {
  // Prepare
  const client = clientAnswering({
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesDelayed: '2',
    ApproximateNumberOfMessagesNotVisible: '40',
  });

  // Act
  const messages = await sqsOrderQueues(client, URLS).messagesInQueue();

  // Assess
  expect(messages).toBe(43);
});

it('takes no answer for an empty queue that says nothing of the kind', async () => {
  // Act
  const counting = sqsOrderQueues(clientAnswering({}), URLS).messagesInQueue();

  // Assess
  await expect(counting).rejects.toThrow(QueueDepthUnknownError);
});
