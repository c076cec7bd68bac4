import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting between looks: quick at first, slower the longer it takes. Milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

export const ORDER_BACKOFF: Backoff = { firstMs: 100, factor: 1.5, maxMs: 2000 };

/** The wait before look number `look` (0: the second one). */
export function waitMs(backoff: Backoff, look: number): number {
  return Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** look);
}

/** Sleeps; an aborted signal ends it at once with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
