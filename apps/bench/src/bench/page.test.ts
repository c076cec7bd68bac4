import { describe, expect, it } from 'vitest';
import { describeSamples, samples } from '../measure/samples.ts';
import { UsageError } from '../measure/usage-error.ts';
import { parseOptions } from './options.ts';
import { linePlot, niceCeiling } from './plot.ts';

describe('samples', () => {
  it('tell the median and the spread', () => {
    // Act
    const text = describeSamples(samples('ms', [5, 1000.4, 3]));

    // Assess
    expect(text).toBe('5 ms (3–1,000, 3 runs)');
  });

  it('are none without values', () => {
    // Assess
    expect(() => samples('ms', [])).toThrow(RangeError);
  });
});

describe('a plot', () => {
  it.each([
    ['logarithmic', '<text x="490"', '>100</text>'],
    ['linear', '<text x="277"', '>50</text>'],
  ] as const)(
    '%s has a mark for each point, within its frame, and no text that is markup',
    (scale, at, mark) => {
      // Act
      const svg = linePlot({ title: '<b>', xLabel: 'x', yLabel: 'y', scale }, [
        {
          name: 'a & b',
          points: [
            { x: 1, y: 5, least: 4, most: 9 },
            { x: 100, y: 8, least: 8, most: 8 },
          ],
        },
      ]);

      // Assess
      expect(svg.match(/<circle/g)).toHaveLength(2);
      expect(svg.split('\n').some((line) => line.includes(at) && line.includes(mark))).toBe(true);
      expect(svg).not.toContain('<b>');
      expect(svg).toContain('a &amp; b');
      expect(svg).not.toMatch(/NaN|Infinity|"-/);
    },
  );

  it.each([
    [0, 1],
    [0.3, 0.5],
    [9, 10],
    [101, 200],
  ])('of up to %d ends at %d', (value, top) => {
    // Assess
    expect(niceCeiling(value)).toBeCloseTo(top, 9);
  });
});

describe('the options', () => {
  it('are whole numbers', () => {
    // Assess
    expect(parseOptions(['--clients', '5,1', '--stored', '9,3'])).toMatchObject({
      clients: [5, 1],
      stored: [3, 9],
    });
    expect(() => parseOptions(['--runs', '0'])).toThrow(UsageError);
    expect(() => parseOptions(['--clients', '1,x'])).toThrow(/--clients x/);
    expect(() => parseOptions(['--what'])).toThrow(UsageError);
  });
});
