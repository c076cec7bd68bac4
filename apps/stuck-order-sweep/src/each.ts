/** Entries that are worked on at the same time. */
const AT_ONCE = 10;

/** What became of all entries. */
export interface EachOutcome<R> {
  readonly results: readonly R[];
  readonly errors: readonly unknown[];
}

/** Does the work for every entry, ten at a time. One that fails doesn't keep the others from being done, or counted. */
export async function each<T, R>(
  entries: readonly T[],
  work: (entry: T) => Promise<R>,
): Promise<EachOutcome<R>> {
  const results: R[] = [];
  const errors: unknown[] = [];
  for (let start = 0; start < entries.length; start += AT_ONCE) {
    const settled = await Promise.allSettled(entries.slice(start, start + AT_ONCE).map(work));
    for (const result of settled) {
      if (result.status === 'fulfilled') {
        results.push(result.value);
      } else {
        errors.push(result.reason);
      }
    }
  }
  return { results, errors };
}
