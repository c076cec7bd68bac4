import type { Clock } from '../clock.ts';
import type { ApiDescription } from '../stack-description.ts';

/**
 * A stage's token bucket: `burstLimit` requests at once, refilled at `rateLimit` a second.
 * @returns whether one more request may pass
 */
export function createThrottle(limits: ApiDescription['throttling'], clock: Clock): () => boolean {
  if (limits === undefined) {
    return () => true;
  }
  let tokens = limits.burstLimit;
  let filledAt = clock();
  return () => {
    const now = clock();
    tokens = Math.min(limits.burstLimit, tokens + ((now - filledAt) / 1000) * limits.rateLimit);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  };
}
