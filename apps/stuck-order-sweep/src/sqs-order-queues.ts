import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OrderQueues } from './ports.ts';

export interface QueueUrls {
  readonly orderQueue: string;
  readonly orderDlq: string;
}

/** SQS didn't tell what it was asked for. */
export class QueueDepthUnknownError extends Error {
  override readonly name = 'QueueDepthUnknownError';
}

const IN_QUEUE = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
] as const;

/**
 * The two queues in SQS. Every function throws the SDK's service errors; messagesInQueue QueueDepthUnknownError too.
 */
export function sqsOrderQueues(client: SQSClient, { orderQueue, orderDlq }: QueueUrls): OrderQueues {
  const sendTo = async (QueueUrl: string, message: object): Promise<void> => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  };
  return {
    send: (message) => sendTo(orderQueue, message),
    deadLetter: (message) => sendTo(orderDlq, message),
    async messagesInQueue() {
      const { Attributes: attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: orderQueue, AttributeNames: [...IN_QUEUE] }),
      );
      const messages = IN_QUEUE.reduce((sum, name) => sum + Number(attributes?.[name]), 0);
      if (Number.isNaN(messages)) {
        throw new QueueDepthUnknownError(`SQS did not tell how many messages are in ${orderQueue}`);
      }
      return messages;
    },
  };
}
