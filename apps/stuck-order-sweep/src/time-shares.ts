import type { Context } from 'aws-lambda';
import { OutOfTimeError } from './sweep-errors.ts';

/**
 * What may still happen after a look at the clock that found time, in milliseconds: three calls one after the other
 * (a row is read, its order is read, the row is written; or a listing goes through the pages or the days of an index),
 * each of which hangs in all its tries (4.7 s), and the end of the run.
 */
const LAST_STEPS_MS = 15_000;
/** Of a run so short that this would leave nothing: a third. */
const LAST_STEPS_SHARE = 1 / 3;

/** Looks at the clock. @throws OutOfTimeError once the job's share is used up */
export type CheckTime = () => void;

/**
 * Shares the time of a run among its jobs, so that none, however slow its calls are, keeps the others from being
 * done.
 * @returns begins a job's share: `share` is its part of what is left when it begins (up to 1), `what` says what it
 * looks at
 */
export function timeShares(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): (share: number, what: string) => CheckTime {
  const runMs = context.getRemainingTimeInMillis();
  const keptMs = Math.min(LAST_STEPS_MS, runMs * LAST_STEPS_SHARE);
  return (share, what) => {
    const beginMs = context.getRemainingTimeInMillis();
    const shareMs = Math.max(0, beginMs - keptMs) * share;
    return () => {
      if (context.getRemainingTimeInMillis() <= beginMs - shareMs) {
        throw new OutOfTimeError(what);
      }
    };
  };
}
