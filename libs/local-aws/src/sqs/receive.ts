import type { Clock } from '../clock.ts';
import type { JsonObject } from '../service-call.ts';
import type { Action, SqsQueue, SqsStore } from './fauxqs-modules.ts';

export interface ReceivePorts {
  readonly store: SqsStore;
  readonly receive: Action;
  readonly clock: Clock;
  readonly accountId: string;
  /** Aborted when the service closes. */
  readonly closing: AbortSignal;
}

/**
 * ReceiveMessage with a long poll that ends when the caller has gone: a message handed to nobody would stay hidden
 * for its visibility timeout. A poller that another one was faster than goes on waiting.
 */
export async function receiveMessages(
  ports: ReceivePorts,
  queue: SqsQueue,
  input: JsonObject,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const wait = Number(input['WaitTimeSeconds'] ?? queue.attributes['ReceiveMessageWaitTimeSeconds'] ?? 0);
  const until = ports.clock() + wait * 1000;
  const ended = signal === undefined ? ports.closing : AbortSignal.any([ports.closing, signal]);
  for (;;) {
    dropExpired(queue, ports.clock());
    // The first round checks the input, the wait time included.
    const answer = await ports.receive(withoutWait(input, wait), ports.store);
    const messages = answer['Messages'] as readonly JsonObject[] | undefined;
    const left = until - ports.clock();
    if (messages !== undefined || left <= 0 || ended.aborted) {
      return messages === undefined
        ? {}
        : { Messages: messages.map((message) => sentBy(message, ports.accountId)) };
    }
    await settledOrAborted(queue.waitForMessages(left / 1000), ended);
    if (ended.aborted) {
      return {};
    }
  }
}

function withoutWait(input: JsonObject, wait: number): JsonObject {
  const valid = wait >= 0 && wait <= 20;
  return valid ? { ...input, WaitTimeSeconds: 0 } : input;
}

/** Leaves no listener behind: one signal sees all the polls of a run. */
async function settledOrAborted(waiting: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([waiting, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function sentBy(message: JsonObject, accountId: string): JsonObject {
  const attributes = message['Attributes'] as JsonObject | undefined;
  return attributes?.['SenderId'] === undefined
    ? message
    : { ...message, Attributes: { ...attributes, SenderId: accountId } };
}

/** fauxqs keeps messages for ever; SQS for the queue's retention period. */
export function dropExpired(queue: SqsQueue, now: number): void {
  const oldest = now - Number(queue.attributes['MessageRetentionPeriod']) * 1000;
  const [next] = queue.messages;
  // Looked at for every receive, so not at a whole backlog: an old message that came back gets to the front in time.
  if (next === undefined || next.sentTimestamp >= oldest) {
    return;
  }
  const isExpired = ({ sentTimestamp }: { readonly sentTimestamp: number }) => sentTimestamp < oldest;
  const expired = queue.messages.filter(isExpired);
  if (expired.length > 0) {
    queue.messages = queue.messages.filter((message) => !isExpired(message));
    for (const { messageId } of expired) {
      queue.persistence?.deleteMessage(messageId);
    }
  }
}
