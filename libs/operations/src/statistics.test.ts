import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactInterval, percentile, wilsonInterval, Z_95 } from './statistics.ts';

describe('percentile', () => {
  it('is a sample that the given share does not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1 }),
        fc.constantFrom(50, 95, 99, 100),
        (samples, percent) => {
          const value = percentile(samples, percent);
          expect(samples).toContain(value);
          const below = samples.filter((sample) => sample <= (value ?? -1)).length;
          expect(below / samples.length).toBeGreaterThanOrEqual(percent / 100);
        },
      ),
    );
  });

  it('is unknown without samples', () => {
    expect(percentile([], 50)).toBeUndefined();
  });
});

describe('wilsonInterval', () => {
  // Reference values: Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials, Z_95);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it('is unknown without trials', () => {
    expect(wilsonInterval(0, 0, Z_95)).toBeUndefined();
  });
});

describe('exactInterval', () => {
  // Reference values: Newcombe (1998), table I, method 5 (Clopper-Pearson).
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('of %i in %i is the published one', (successes, trials, low, high) => {
    const interval = exactInterval(successes, trials, 0.95);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it('contains a setting of 1 only where everything succeeded', () => {
    expect(exactInterval(60, 60, 0.999)?.high).toBe(1);
    expect(exactInterval(59, 60, 0.999)?.high).toBeLessThan(1);
  });

  it.each([
    ['smoke', 1, 0.95],
    ['stress', 60, 0.7],
    ['staging', 25, 0.7],
    ['prod', 30, 0.9],
  ])('misses the true rate in at most one of a thousand runs of %s', (_test, trials, rate) => {
    // Act: the probability of every number of successes whose interval misses the rate
    let missed = 0;
    let probability = (1 - rate) ** trials;
    for (let successes = 0; successes <= trials; successes++) {
      const interval = exactInterval(successes, trials, 0.999);
      const holds = interval !== undefined && interval.low <= rate && rate <= interval.high;
      missed += holds ? 0 : probability;
      probability *= ((trials - successes) / (successes + 1)) * (rate / (1 - rate));
    }

    // Assess
    expect(missed).toBeLessThanOrEqual(0.001);
  });

  it('is unknown without trials', () => {
    expect(exactInterval(0, 0, 0.999)).toBeUndefined();
  });
});
