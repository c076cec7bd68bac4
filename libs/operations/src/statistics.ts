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

/** Standard normal quantile for two-sided confidence of 95 %. */
export const Z_95 = 1.959964;

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

/** Halvings of an interval until it is narrower than a double can tell. */
const BISECTIONS = 60;

/**
 * The exact interval of a proportion (C. J. Clopper, E. S. Pearson, 1934): whatever the true rate and however few
 * the trials, the interval misses it in at most a share `1 - confidence` of all runs. To judge by; the Wilson
 * interval is closer on average, but misses more often than it says for some rates.
 * @returns undefined without trials
 */
export function exactInterval(successes: number, trials: number, confidence: number): Interval | undefined {
  if (trials === 0) {
    return undefined;
  }
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return {
    low: successes === 0 ? 0 : rateWithTail(successes, trials, tail),
    // Failures are successes of the opposite: what holds for one end holds for the other.
    high: failures === 0 ? 1 : 1 - rateWithTail(failures, trials, tail),
  };
}

/** The rate at which at least so many successes are as likely as the tail. */
function rateWithTail(successes: number, trials: number, tail: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (atLeast(successes, trials, middle) < tail) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}

/** The probability of at least so many successes, 0 < rate < 1. By logarithms, as powers of many trials vanish. */
function atLeast(successes: number, trials: number, rate: number): number {
  let logChoices = 0;
  let sum = 0;
  for (let count = 0; count <= trials; count++) {
    if (count > 0) {
      logChoices += Math.log(trials - count + 1) - Math.log(count);
    }
    if (count >= successes) {
      sum += Math.exp(logChoices + count * Math.log(rate) + (trials - count) * Math.log1p(-rate));
    }
  }
  return Math.min(1, sum);
}
