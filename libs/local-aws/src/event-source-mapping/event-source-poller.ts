import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { FunctionRunner, InvokeResult } from '../engines.ts';
import { AwsError } from '../service-call.ts';
import type { EventSourceMappingDescription } from '../stack-description.ts';
import { readBatchAnswer } from './batch-answer.ts';
import type { QueueSource } from './queue-source.ts';
import { sqsEvent, type ReceivedMessage } from './sqs-event.ts';

/** How long one ReceiveMessage waits for a message, in seconds (the longest that SQS offers). */
const LONG_POLL_SECONDS = 20;
/** Longest event of a function, in bytes, with room for what a record adds to its message. */
const LONGEST_BATCH_BYTES = 6_000_000;

export interface PollerSettings {
  readonly mapping: EventSourceMappingDescription;
  readonly queue: QueueSource;
  readonly functions: FunctionRunner;
  /** Most batches at a time. */
  readonly concurrency: number;
  /** The queue's: a batch that couldn't be given to a throttled function by then is left to come again. */
  readonly visibilityTimeoutMs: number;
  /** First and longest wait after an error, in milliseconds; it doubles from one to the other. */
  readonly backoff: { readonly firstMs: number; readonly longestMs: number };
  readonly clock: Clock;
  /** Told of every batch and every call that failed. */
  readonly onProblem: (problem: EventSourceProblem) => void;
}

export interface EventSourceProblem {
  readonly mappingId: string;
  readonly functionArn: string;
  readonly problem: 'receive' | 'invoke' | 'function' | 'answer' | 'delete';
  readonly detail: string;
}

/** Gives a queue's messages to a function, batch by batch. */
export class EventSourcePoller {
  readonly #settings: PollerSettings;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #polling: Promise<void>;

  constructor(settings: PollerSettings) {
    this.#settings = settings;
    this.#polling = this.#poll();
  }

  /** Takes no more messages; resolves when the batches under way are through. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    let failures = 0;
    while (!this.#isStopping()) {
      try {
        const batch = await this.#receiveBatch();
        failures = 0;
        for (const part of bySize(batch)) {
          await this.#start(part);
        }
      } catch (error) {
        if (!this.#isStopping()) {
          this.#report('receive', error);
          await this.#pause(failures);
          failures += 1;
        }
      }
    }
  }

  /** One long poll and, where the mapping has a batching window, more of them until it closes. */
  async #receiveBatch(): Promise<readonly ReceivedMessage[]> {
    const { queue, mapping, clock } = this.#settings;
    const { signal } = this.#stopping;
    const batch = [...(await queue.receive(mapping.batchSize, LONG_POLL_SECONDS, signal))];
    const closesAt = clock() + mapping.maximumBatchingWindowSeconds * 1000;
    while (
      batch.length > 0 &&
      batch.length < mapping.batchSize &&
      clock() < closesAt &&
      !this.#isStopping()
    ) {
      const leftMs = closesAt - clock();
      const more = await queue.receive(mapping.batchSize - batch.length, leftMs / 1000, signal);
      batch.push(...more);
      if (more.length === 0 && leftMs < 1000) {
        await this.#sleep(leftMs);
      }
    }
    return batch;
  }

  /** Starts a batch, and returns when there is room for another. */
  async #start(batch: readonly ReceivedMessage[]): Promise<void> {
    const running = this.#process(batch).finally(() => this.#running.delete(running));
    this.#running.add(running);
    if (this.#running.size >= this.#settings.concurrency) {
      await Promise.race(this.#running);
    }
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    const result = await this.#invoke(batch);
    if (result === undefined) {
      return;
    }
    if (result.functionError !== undefined) {
      this.#report('function', result.payload);
      return;
    }
    const failed = this.#failedIn(result.payload, batch);
    if (failed !== undefined) {
      await this.#delete(batch.filter(({ MessageId }) => !failed.has(MessageId)));
    }
  }

  /** A function that is throttled is tried again while the messages are hidden from others. */
  async #invoke(batch: readonly ReceivedMessage[]): Promise<InvokeResult | undefined> {
    const { functions, mapping, clock, visibilityTimeoutMs } = this.#settings;
    const givesUpAt = clock() + visibilityTimeoutMs / 2;
    const event = sqsEvent(batch, mapping.queueArn);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await functions.invoke(mapping.functionArn, event);
      } catch (error) {
        const isThrottled = error instanceof AwsError && error.code === 'TooManyRequestsException';
        if (!isThrottled || clock() >= givesUpAt || this.#isStopping()) {
          this.#report('invoke', error);
          return undefined;
        }
        await this.#pause(attempt);
      }
    }
  }

  /** Ids of the messages that are to come again; undefined where all are. */
  #failedIn(payload: string, batch: readonly ReceivedMessage[]): ReadonlySet<string> | undefined {
    if (!this.#settings.mapping.reportBatchItemFailures) {
      return new Set();
    }
    const verdict = readBatchAnswer(payload, new Set(batch.map(({ MessageId }) => MessageId)));
    if (verdict.kind === 'failed') {
      this.#report('answer', verdict.reason);
      return undefined;
    }
    return verdict.failed;
  }

  /** What can't be deleted is delivered again: SQS promises at least once, not exactly once. */
  async #delete(messages: readonly ReceivedMessage[]): Promise<void> {
    if (messages.length === 0) {
      return;
    }
    try {
      const remaining = await this.#settings.queue.delete(messages);
      if (remaining.length > 0) {
        this.#report('delete', `not deleted: ${remaining.join(', ')}`);
      }
    } catch (error) {
      this.#report('delete', error);
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #pause(failures: number): Promise<void> {
    const { firstMs, longestMs } = this.#settings.backoff;
    await this.#sleep(Math.min(longestMs, firstMs * 2 ** failures));
  }

  /** Ends early, and without an error, when the poller is to stop. */
  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  #report(problem: EventSourceProblem['problem'], cause: unknown): void {
    const { mapping, onProblem } = this.#settings;
    const detail = cause instanceof AwsError ? `${cause.code}: ${cause.message}` : String(cause);
    onProblem({ mappingId: mapping.id, functionArn: mapping.functionArn, problem, detail });
  }
}

/** Parts that fit into an event. */
function bySize(messages: readonly ReceivedMessage[]): ReceivedMessage[][] {
  const parts: ReceivedMessage[][] = [];
  let part: ReceivedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const length = Buffer.byteLength(JSON.stringify(message.Body));
    if (part.length > 0 && bytes + length > LONGEST_BATCH_BYTES) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += length;
  }
  return part.length === 0 ? parts : [...parts, part];
}
