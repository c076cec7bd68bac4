import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OrderQueue } from './ports.ts';

/** order-queue in SQS. Every function throws the SDK's service errors. */
export function sqsOrderQueue(client: SQSClient, queueUrl: string): OrderQueue {
  return {
    async send(message) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
    },
    async waitingMessages() {
      const { Attributes: attributes } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      return Number(attributes?.['ApproximateNumberOfMessages']);
    },
  };
}
