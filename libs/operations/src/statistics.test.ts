import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, wilsonInterval, Z_95, Z_99_9 } from './statistics.ts';

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

  it('contains a setting of 1 only where everything succeeded', () => {
    expect(wilsonInterval(60, 60, Z_99_9)?.high).toBe(1);
    expect(wilsonInterval(59, 60, Z_99_9)?.high).toBeLessThan(1);
  });

  it('is unknown without trials', () => {
    expect(wilsonInterval(0, 0, Z_95)).toBeUndefined();
  });
});
