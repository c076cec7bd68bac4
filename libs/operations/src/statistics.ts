/** The smallest sample that at least `percent` of all samples don't exceed (nearest rank). */
export function percentile(samples: readonly number[], percent: number): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** What is said about a set of durations, in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** @returns undefined without samples */
export function latencies(samples: readonly number[]): Latencies | undefined {
  const [p50, p95, p99, max] = [50, 95, 99, 100].map((percent) => percentile(samples, percent));
  if (p50 === undefined || p95 === undefined || p99 === undefined || max === undefined) {
    return undefined;
  }
  return { count: samples.length, p50, p95, p99, max };
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantiles for two-sided confidence. */
export const Z_95 = 1.959964;
export const Z_99_9 = 3.290527;

/**
 * The Wilson score interval of a proportion (E. B. Wilson, 1927): unlike the normal approximation it behaves for
 * few trials and near 0 and 1.
 * @returns undefined without trials
 */
export function wilsonInterval(successes: number, trials: number, z: number): Interval | undefined {
  if (trials === 0) {
    return undefined;
  }
  const rate = successes / trials;
  const z2 = z * z;
  const centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z / (1 + z2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  return {
    // Exact at the ends, where rounding would leave 0.9999999.
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
