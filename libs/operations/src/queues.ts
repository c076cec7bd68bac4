import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import type { Target } from './target.ts';

/** How many messages a queue holds. AWS counts them approximately. */
export interface QueueDepth {
  readonly queue: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Everything in the queue, in whatever state. */
export function messagesIn(depth: QueueDepth): number {
  return depth.visible + depth.inFlight + depth.delayed;
}

/** A message as it lies in a queue. */
export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  /** ISO 8601. */
  readonly sentAt: string;
  /** How often it was received from this queue, looks like this one included. */
  readonly receiveCount: number;
}

/** What a look at the dead letter queue showed. */
export interface DeadLetters {
  /** Just before the look, which itself puts messages in flight. */
  readonly depth: QueueDepth;
  /** Those that could be seen: a message that a consumer holds at that moment can't. */
  readonly messages: readonly PeekedMessage[];
}

export interface Queues {
  /** @throws OperationError */
  depths(): Promise<readonly QueueDepth[]>;
  /**
   * Looks at the dead letter queue without consuming: every message is received for a moment and given back at
   * once. (Only there: a look counts as a receive, and three receives would dead-letter a message of the order
   * queue.) A look that is killed half-way gives the messages back after `LOOK_SECONDS`.
   * @param limit most messages to show
   */
  peekDeadLetters(limit: number): Promise<DeadLetters>;
  /** Sends one message to the order queue. */
  send(body: string): Promise<void>;
  close(): void;
}

/** How long a look hides a message, in seconds, should it never give the message back itself. */
const LOOK_SECONDS = 10;
/** ReceiveMessage gives at most ten; so does a batch. */
const BATCH = 10;

/** The queues of a target. */
export function openQueues(target: Target): Queues {
  const client = new SQSClient(clientConfig(target));
  const urls = new Map<string, Promise<string>>();
  const urlOf = (queue: string): Promise<string> => {
    const url = urls.get(queue) ?? queueUrl(client, queue);
    urls.set(queue, url);
    return url;
  };
  return {
    depths: () =>
      withAwsErrors(target, () =>
        Promise.all(
          [target.names.orderQueue, target.names.orderDlq].map(async (queue) =>
            depthOf(client, queue, await urlOf(queue)),
          ),
        ),
      ),
    peekDeadLetters: (limit) =>
      withAwsErrors(target, async () => {
        const { orderDlq } = target.names;
        const url = await urlOf(orderDlq);
        const depth = await depthOf(client, orderDlq, url);
        return { depth, messages: await peek(client, url, limit) };
      }),
    send: (body) =>
      withAwsErrors(target, async () => {
        const QueueUrl = await urlOf(target.names.orderQueue);
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
      }),
    close: () => client.destroy(),
  };
}

async function queueUrl(client: SQSClient, queue: string): Promise<string> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queue }));
  if (QueueUrl === undefined) {
    throw new TypeError(`GetQueueUrl of ${queue} answered without a URL`);
  }
  return QueueUrl;
}

async function depthOf(client: SQSClient, queue: string, url: string): Promise<QueueDepth> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    queue,
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed),
  };
}

async function peek(client: SQSClient, url: string, limit: number): Promise<readonly PeekedMessage[]> {
  const held = new Map<string, Message>();
  try {
    while (held.size < limit) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: Math.min(BATCH, limit - held.size),
          VisibilityTimeout: LOOK_SECONDS,
          // A short poll asks only some of the servers and may miss messages; a long one asks all.
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
        }),
      );
      const news = Messages.filter(({ MessageId }) => MessageId !== undefined && !held.has(MessageId));
      news.forEach((message) => held.set(message.MessageId ?? '', message));
      if (news.length === 0) {
        break;
      }
    }
  } finally {
    await giveBack(client, url, [...held.values()]);
  }
  return [...held.values()].map(peeked).sort((a, b) => a.sentAt.localeCompare(b.sentAt));
}

async function giveBack(client: SQSClient, url: string, messages: readonly Message[]): Promise<void> {
  for (let begin = 0; begin < messages.length; begin += BATCH) {
    const Entries = messages
      .slice(begin, begin + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
  }
}

function peeked(message: Message): PeekedMessage {
  return {
    messageId: message.MessageId ?? '',
    body: message.Body ?? '',
    sentAt: new Date(Number(message.Attributes?.SentTimestamp)).toISOString(),
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount),
  };
}
