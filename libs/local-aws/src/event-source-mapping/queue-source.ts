import type { Dispatch, JsonObject, Principal } from '../service-call.ts';
import type { ReceivedMessage } from './sqs-event.ts';

/** Most messages of one ReceiveMessage or DeleteMessageBatch, and its longest wait in seconds (SQS quotas). */
const MOST_MESSAGES = 10;
const LONGEST_WAIT_SECONDS = 20;

/** A queue as its consumer's role may use it. */
export interface QueueSource {
  /** @param waitSeconds how long to wait for a first message @throws AwsError as SQS answers it */
  receive(most: number, waitSeconds: number, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
  /** @returns the ids of the messages that SQS did not delete @throws AwsError */
  delete(messages: readonly ReceivedMessage[]): Promise<readonly string[]>;
}

export function queueSource(dispatch: Dispatch, queueUrl: string, principal: Principal): QueueSource {
  const call = (operation: string, input: JsonObject, signal?: AbortSignal) =>
    dispatch({
      service: 'sqs',
      operation,
      input: { QueueUrl: queueUrl, ...input },
      principal,
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    receive: async (most, waitSeconds, signal) => {
      const { Messages } = await call(
        'ReceiveMessage',
        {
          MaxNumberOfMessages: Math.min(most, MOST_MESSAGES),
          WaitTimeSeconds: Math.min(Math.max(0, Math.floor(waitSeconds)), LONGEST_WAIT_SECONDS),
          AttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        },
        signal,
      );
      return (Messages ?? []) as readonly ReceivedMessage[];
    },
    delete: async (messages) => {
      const remaining: string[] = [];
      for (let start = 0; start < messages.length; start += MOST_MESSAGES) {
        const entries = messages.slice(start, start + MOST_MESSAGES);
        const { Failed } = await call('DeleteMessageBatch', {
          Entries: entries.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle })),
        });
        remaining.push(...((Failed ?? []) as readonly { Id: string }[]).map(({ Id }) => Id));
      }
      return remaining;
    },
  };
}
