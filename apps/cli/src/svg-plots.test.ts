import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotPlot, histogram, linePlot } from './svg-plots.ts';

const milliseconds = fc.double({ min: 0.001, max: 10_000_000, noNaN: true });

/** The numbers of every attribute by that name. */
function attribute(svg: string, name: string): number[] {
  return [...svg.matchAll(new RegExp(`\\b${name}="([^"]*)"`, 'g'))].map(([, value]) => Number(value));
}

describe('the plots of a report', () => {
  it('show every order, within the picture', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: milliseconds, y: milliseconds }), { minLength: 1, maxLength: 50 }),
        (points) => {
          const svg = dotPlot(points.map((point) => ({ ...point, kind: 'FULFILLED' })));
          const cx = attribute(svg, 'cx');
          expect(cx).toHaveLength(points.length);
          for (const value of [...cx, ...attribute(svg, 'cy')]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(860);
          }
        },
      ),
    );
  });

  it('count every sample once', () => {
    fc.assert(
      fc.property(fc.array(milliseconds, { minLength: 1, maxLength: 50 }), (samples) => {
        const bars = [...histogram(samples).matchAll(/class="bar"[^>]*height="([^"]*)"/g)].map(([, height]) =>
          Number(height),
        );
        expect(bars).toHaveLength(40);
        expect(bars.filter((height) => height > 0).length).toBeGreaterThanOrEqual(1);
        expect(bars.filter((height) => height > 0).length).toBeLessThanOrEqual(samples.length);
      }),
    );
  });

  it('have few, round ticks', () => {
    // Act
    const svg = linePlot([{ label: 'accepted', times: [100, 4520] }]);

    // Assess
    expect([...svg.matchAll(/>([\d.]+ m?s)</g)].map(([, text]) => text)).toEqual([
      '0 ms',
      '2 s',
      '4 s',
      '6 s',
    ]);
  });

  it('say so where there is nothing to show', () => {
    expect([linePlot([]), dotPlot([]), histogram([])].every((plot) => plot.includes('nothing to show'))).toBe(
      true,
    );
  });
});
