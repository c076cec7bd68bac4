import { pause } from './poll.ts';
import { isNotAtRest, type QueueReading } from './queue-check.ts';
import { messagesIn, openQueues, type QueueDepth } from './queues.ts';
import type { Target } from './target.ts';

/** A message leaves its queue a moment after its effect is stored, and AWS's counts lag behind that. */
export const QUEUE_SETTLE_MS = 15_000;
const INTERVAL_MS = 500;

/**
 * The queues once they are as they should be after a test, or as they are after the time given for that. Where
 * orders are still under way no time is to be given: the depths shall say where those orders are now.
 * @param before the depths before the test
 * @param settleMs how long to wait at the most, in milliseconds
 * @throws OperationError
 */
export async function settledQueues(
  target: Target,
  before: readonly QueueDepth[],
  settleMs: number,
  signal: AbortSignal,
): Promise<readonly QueueReading[]> {
  const queues = openQueues(target);
  try {
    const deadline = performance.now() + settleMs;
    for (;;) {
      const readings = (await queues.depths()).map((depth) => readingOf(target, depth, before));
      const isOver = signal.aborted || performance.now() >= deadline;
      if (isOver || !readings.some(isNotAtRest)) {
        return readings;
      }
      await pause(INTERVAL_MS, undefined);
    }
  } finally {
    queues.close();
  }
}

function readingOf(target: Target, depth: QueueDepth, before: readonly QueueDepth[]): QueueReading {
  const earlier = before.find(({ queue }) => queue === depth.queue);
  return {
    ...depth,
    isDeadLetterQueue: depth.queue === target.names.orderDlq,
    before: earlier === undefined ? 0 : messagesIn(earlier),
  };
}
