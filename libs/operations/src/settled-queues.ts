import { pause } from './poll.ts';
import { messagesIn, openQueues, type QueueDepth } from './queues.ts';
import type { Target } from './target.ts';

/** A message leaves its queue a moment after its effect is stored, and AWS's counts lag behind that. */
const SETTLE_MS = 15_000;
const INTERVAL_MS = 500;

/**
 * The queues' depths once they are empty, or after 15 s if they aren't by then.
 * @throws OperationError
 */
export async function settledQueues(target: Target, signal: AbortSignal): Promise<readonly QueueDepth[]> {
  const queues = openQueues(target);
  try {
    const deadline = performance.now() + SETTLE_MS;
    for (;;) {
      const depths = await queues.depths();
      const isEmpty = depths.every((depth) => messagesIn(depth) === 0);
      if (isEmpty || signal.aborted || performance.now() > deadline) {
        return depths;
      }
      await pause(INTERVAL_MS, undefined);
    }
  } finally {
    queues.close();
  }
}
