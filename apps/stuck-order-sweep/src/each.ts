import { EntryError } from './sweep-errors.ts';
import type { SweepRun } from './ports.ts';
import type { LogFields } from '@dofs/lambda-kit/log';

/** Entries that are worked on at the same time. */
const AT_ONCE = 10;
/** States of orders that are read at once: what one BatchGetItem takes. */
export const STATES_AT_ONCE = 100;

/**
 * Does the work for every entry, ten at a time, while there is time. One that fails doesn't keep the others from
 * being done: its error goes to the run's tally.
 * @throws OutOfTimeError before the first entries for which there is no time
 */
export async function each<T>(
  run: SweepRun,
  entries: readonly T[],
  work: (entry: T) => Promise<void>,
): Promise<void> {
  for (const group of groupsOf(run, entries, AT_ONCE)) {
    const settled = await Promise.allSettled(group.map(work));
    const refused = settled.filter((result) => result.status === 'rejected');
    run.tally.errors.push(...refused.map(({ reason }): unknown => reason));
  }
}

/**
 * Entries in groups of a size, and before each of them a look at the clock.
 * @throws OutOfTimeError instead of a group for which there is no time
 */
export function* groupsOf<T>(run: SweepRun, entries: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < entries.length; start += size) {
    run.checkTime();
    yield entries.slice(start, start + size);
  }
}

/**
 * Work for one order. What it throws knows whose it is.
 * @param ids `order_id`, and `correlation_id` where it is known
 * @throws EntryError
 */
export async function onBehalfOf<R>(ids: LogFields, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof EntryError ? error : new EntryError(ids, error);
  }
}
