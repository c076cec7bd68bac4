import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateBacklog } from './backlog.ts';
import { bindings } from './bindings.ts';
import { drainRate, PRODUCTION } from './design.ts';
import { QUOTAS, SIZE_LIMITS } from './quotas.ts';

/** A design whose own settings bind nothing, so that AWS's quotas show. */
const OPEN = { ...PRODUCTION, stageRate: 100_000, stageBurst: 100_000, consumers: 1_000 };

describe('which limit binds first', () => {
  it('is StartExecution’s rate for STANDARD, far beyond it a table that is new for EXPRESS', () => {
    // Act
    const [standard] = bindings(OPEN, 'STANDARD');
    const [express] = bindings(OPEN, 'EXPRESS');

    // Assess
    expect(standard).toMatchObject({ limit: 'StartExecution, STANDARD', carries: 300 });
    expect(express).toMatchObject({ service: 'DynamoDB', carries: 4_000 / 3 });
  });

  it('is the stage’s own throttling where that is lower', () => {
    // Act
    const [first] = bindings({ ...OPEN, stageRate: 50 }, 'STANDARD');

    // Assess
    expect(first).toMatchObject({ limit: 'throttlingRateLimit of the stage', carries: 50 });
  });

  it('counts no state transitions for EXPRESS', () => {
    // Assess
    expect(bindings(OPEN, 'EXPRESS').some(({ limit }) => limit.includes('transitions'))).toBe(false);
  });

  it('takes more concurrency for slower functions', () => {
    // Act
    const carries = (apiHandlerMs: number) =>
      bindings({ ...OPEN, apiHandlerMs }, 'EXPRESS').find(({ limit }) => limit.startsWith('concurrent'))
        ?.carries;

    // Assess: 1,000 executions of 25 + 25 (validator, storage) + 15 (a batch's share) milliseconds
    expect(carries(25)).toBeCloseTo(1_000 / 0.065, 6);
  });
});

describe('the backlog', () => {
  const calm = { baseRate: 10, burstRate: 10, burstSeconds: 0, outageSeconds: 0 };

  it('is none where consumers keep up', () => {
    // Act
    const result = simulateBacklog(PRODUCTION, 'STANDARD', calm);

    // Assess
    expect(result).toMatchObject({ peakBacklog: 0, refused: 0, drainSeconds: 0, longestWaitSeconds: 0 });
  });

  it('of an outage is what came in meanwhile, and drains at the difference of the rates', () => {
    // Prepare: 1 consumer of 10 messages a second, from the first second on
    const design = { ...OPEN, consumers: 1, batchMs: 1_000 };

    // Act
    const result = simulateBacklog(design, 'STANDARD', { ...calm, baseRate: 5, outageSeconds: 600 });

    // Assess
    expect(drainRate(design)).toBe(10);
    expect(result.peakBacklog).toBe(3_000);
    expect(result.drainSeconds).toBeGreaterThanOrEqual(598);
    expect(result.drainSeconds).toBeLessThanOrEqual(600);
    expect(result.longestWaitSeconds).toBe(600);
  });

  it('never drains where more comes in than goes out', () => {
    // Act
    const result = simulateBacklog({ ...OPEN, consumers: 1, batchMs: 1_000 }, 'STANDARD', {
      ...calm,
      baseRate: 11,
    });

    // Assess
    expect(result.drainSeconds).toBeUndefined();
  });

  it('lets a burst in as far as the bucket goes, then at the bucket’s refill', () => {
    // Act
    const burst = { ...calm, baseRate: 0, burstRate: 2_000, burstSeconds: 10 };
    const result = simulateBacklog(OPEN, 'STANDARD', burst);

    // Assess
    const { bucket, value } = QUOTAS.startExecutionStandard;
    expect(result.accepted).toBe(bucket + 9 * value);
    expect(result.refused).toBe(20_000 - bucket - 9 * value);
  });

  it('loses no order: what is sent is refused or accepted', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 3_000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat({ max: 300 }),
        (rate, burst, outage) => {
          // Act
          const scenario = { baseRate: 0, burstRate: rate, burstSeconds: burst, outageSeconds: outage };
          const result = simulateBacklog(PRODUCTION, 'STANDARD', scenario);

          // Assess
          expect(result.accepted + result.refused).toBeCloseTo(rate * burst, 6);
          expect(result.peakBacklog).toBeLessThanOrEqual(Math.ceil(result.accepted));
          expect(result.drainSeconds).toBeDefined();
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the quotas', () => {
  it('each have a page of AWS and a way to raise them', () => {
    // Act
    const all = [...Object.values(QUOTAS), ...SIZE_LIMITS];

    // Assess
    expect(
      all.filter(({ source, raise }) => !source.startsWith('https://docs.aws.amazon.com/') || raise === ''),
    ).toEqual([]);
  });
});
