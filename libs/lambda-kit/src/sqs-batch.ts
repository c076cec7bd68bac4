import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

/** Milliseconds kept back for the answer itself. */
const RESERVE_MS = 300;

/** A record's work had not ended when the function's time ran out. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  constructor() {
    super('the work on this record had not ended when the time of the function ran out');
  }
}

export interface RecordWork {
  /** Does what a record asks for; throws if SQS shall deliver it again. */
  readonly handle: (record: SQSRecord) => Promise<void>;
  /** Told of each record that failed. */
  readonly onFailure: (record: SQSRecord, error: unknown) => void;
}

/**
 * Works on all records of a batch at once, each for itself: those that failed, and only those, are reported back
 * and delivered again. So is one that hangs: it is given up shortly before the function's time ends, or the whole
 * batch would time out with it and its neighbours be done twice.
 *
 * Hand-written, as @aws-lambda-powertools/batch has no such deadline, and throws where all records failed.
 * @param remainingMs how long the function may still run, in milliseconds
 */
export async function processBatch(
  records: readonly SQSRecord[],
  remainingMs: number,
  { handle, onFailure }: RecordWork,
): Promise<SQSBatchResponse> {
  const deadline = startDeadline(remainingMs - RESERVE_MS);
  const attempt = async (record: SQSRecord): Promise<string | undefined> => {
    try {
      await Promise.race([handle(record), deadline.passed]);
      return undefined;
    } catch (error) {
      onFailure(record, error);
      return record.messageId;
    }
  };
  const failed = await Promise.all(records.map(attempt));
  deadline.cancel();
  return {
    batchItemFailures: failed
      .filter((messageId) => messageId !== undefined)
      .map((messageId) => ({ itemIdentifier: messageId })),
  };
}

function startDeadline(ms: number): { passed: Promise<never>; cancel: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => {
      reject(new OutOfTimeError());
    },
    Math.max(0, ms),
  );
  // Nobody waits for it in an empty batch; a rejection without a listener would end the process.
  promise.catch(() => undefined);
  return {
    passed: promise,
    cancel: () => {
      clearTimeout(timer);
    },
  };
}
