/** Orders in one second's sum that are rounding errors. */
const ROUNDING = 1e-6;

/**
 * The longest wait in a queue, first in, first out, of those that have left it.
 * @param into how many join it, by second
 * @param outOf how many leave it, by second
 * @returns seconds, whole
 */
export function longestWait(into: readonly number[], outOf: readonly number[]): number {
  let [longest, joined, left, joinedAt] = [0, 0, 0, -1];
  outOf.forEach((leaving, second) => {
    if (leaving <= ROUNDING) {
      return;
    }
    // The first to leave in this second is the one who has waited longest.
    while (joined <= left + ROUNDING && joinedAt < second) {
      joinedAt += 1;
      joined += into[joinedAt] ?? 0;
    }
    longest = Math.max(longest, second - joinedAt);
    left += leaving;
  });
  return longest;
}
