/** Entries that are worked on at the same time. */
const AT_ONCE = 10;

/**
 * Does the work for every entry, ten at a time. One that fails doesn't keep the others from being done.
 * @returns what each gave
 * @throws AggregateError of all failures, at the end
 */
export async function each<T, R>(entries: readonly T[], work: (entry: T) => Promise<R>): Promise<R[]> {
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
  if (errors.length > 0) {
    throw new AggregateError(errors, `${errors.length} of ${entries.length} failed: ${String(errors[0])}`);
  }
  return results;
}
