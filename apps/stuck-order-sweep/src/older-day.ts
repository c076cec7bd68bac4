import { secondsBefore } from './ports.ts';

/** From and to: ISO 8601, inclusive. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

const MS_PER_HOUR = 3_600_000;
const SECONDS_PER_DAY = 86_400;

/**
 * Days before the latest that are looked at again. Three times as long as the sweep may be off (the 4 days that a
 * message keeps in the queue). A prime number, so that runs every few hours see all of them too, not a few over and
 * over.
 */
const OLDER_DAYS = 13;

/**
 * The day of the past that a run looks at beside what is recent, for what no run saw while it was recent: because the
 * sweep was off, or because it came about later. Which day follows from the hour, so nothing needs to be remembered;
 * what happened on one of the first 12 is seen within 14 hours, as each overlaps the one of the hour before.
 * @param recentFrom where what is recent begins, and the older days end
 */
export function olderDay(now: string, recentFrom: string): Span {
  const day = Math.floor(Date.parse(now) / MS_PER_HOUR) % OLDER_DAYS;
  const to = secondsBefore(recentFrom, day * SECONDS_PER_DAY);
  return { from: secondsBefore(to, SECONDS_PER_DAY), to };
}
