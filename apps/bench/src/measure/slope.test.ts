import { describe, expect, it } from 'vitest';
import { slopeOf } from './slope.ts';

describe('a slope', () => {
  it('of points on a line is the line’s, without a spread', () => {
    // Act
    const found = slopeOf([1, 2, 5].map((x) => ({ x, y: 3 * x - 2 })));

    // Assess
    expect(found?.slope).toBeCloseTo(3, 9);
    expect(found?.low).toBeCloseTo(3, 6);
    expect(found?.high).toBeCloseTo(3, 6);
  });

  it('of points that stray has two standard errors to either side', () => {
    // Act: y = 0, 1, 0, 1 strays by 4/5 in all from its line, which rises by 1/5.
    const found = slopeOf([0, 1, 0, 1].map((y, x) => ({ x, y })));

    // Assess
    expect(found?.slope).toBeCloseTo(0.2, 9);
    expect(found?.high).toBeCloseTo(0.2 + 2 * Math.sqrt(0.8 / 2 / 5), 9);
    expect(found?.low).toBeCloseTo(0.2 - 2 * Math.sqrt(0.8 / 2 / 5), 9);
  });

  it('isn’t told of too few points', () => {
    // Assess
    expect(
      slopeOf([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]),
    ).toBeUndefined();
    expect(slopeOf([1, 2, 3].map((y) => ({ x: 1, y })))).toBeUndefined();
  });
});
