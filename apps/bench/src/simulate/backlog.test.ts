import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateBacklog, type Scenario } from './backlog.ts';
import { bindings } from './bindings.ts';
import { PRODUCTION, type Design, type WorkflowType } from './design.ts';
import { carries, limitsOf, perOrder } from './limits.ts';
import { QUOTAS } from './quotas.ts';
import { quotasOf } from './quotas-of-region.ts';

/** A design whose own settings bind nothing, so that AWS's quotas show. */
const OPEN = { ...PRODUCTION, stageRate: 100_000, stageBurst: 100_000, consumers: 1_000 };
const CALM: Scenario = { baseRate: 10, burstRate: 10, burstSeconds: 0, outageSeconds: 0 };

function backlogOf(
  design: Design,
  type: WorkflowType,
  scenario: Partial<Scenario>,
  quotas = quotasOf('us-east-1'),
) {
  return simulateBacklog(limitsOf(design, type, quotas), { ...CALM, ...scenario });
}

describe('the backlog', () => {
  it('is none where consumers keep up', () => {
    // Act
    const result = backlogOf(PRODUCTION, 'STANDARD', {});

    // Assess
    expect(result).toMatchObject({
      peakBacklog: 0,
      peakUnstored: 0,
      refused: 0,
      drainSeconds: 0,
      longestWaitSeconds: 0,
    });
  });

  it('of an outage is what came in meanwhile, and drains at the difference of the rates', () => {
    // Prepare: 1 consumer of 10 messages a second, from the first second on
    const design = { ...OPEN, consumers: 1, batchMs: 1_000 };
    const consumers = limitsOf(design, 'STANDARD', quotasOf('us-east-1')).filter(({ limit }) =>
      limit.startsWith('queueMaximumConcurrency'),
    );

    // Act
    const result = backlogOf(design, 'STANDARD', { baseRate: 5, outageSeconds: 600 });

    // Assess
    expect(consumers.map(carries)).toEqual([10]);
    expect(result).toMatchObject({ accepted: 3_000, settled: 0, peakBacklog: 3_000 });
    expect(result.drainSeconds).toBeGreaterThanOrEqual(598);
    expect(result.drainSeconds).toBeLessThanOrEqual(600);
    expect(result.longestWaitSeconds).toBe(600);
  });

  it('waits no longer than the outage where the queue then drains faster than it filled', () => {
    // Act
    const result = backlogOf(OPEN, 'EXPRESS', { baseRate: 1_300, outageSeconds: 600 });

    // Assess: settled at (4,000 - 1,300) / 2 a second
    expect(result.longestWaitSeconds).toBeGreaterThanOrEqual(600);
    expect(result.longestWaitSeconds).toBeLessThanOrEqual(610);
    expect(result.drainSeconds).toBeCloseTo((600 * 1_300) / ((4_000 - 1_300) / 2 - 1_300), -2);
  });

  it('never drains where more comes in than goes out', () => {
    // Act
    const result = backlogOf({ ...OPEN, consumers: 1, batchMs: 1_000 }, 'STANDARD', { baseRate: 11 });

    // Assess
    expect(result.drainSeconds).toBeUndefined();
  });

  it('leaves settling only what storing leaves of the status index', () => {
    // Act
    const burst = { baseRate: 100, burstRate: 2_000, burstSeconds: 600 };
    const result = backlogOf(OPEN, 'EXPRESS', burst);

    // Assess: (4,000 - 2,000) / 2 = 1,000 a second are settled, then (4,000 - 100) / 2
    expect(result).toMatchObject({ accepted: 1_200_000, refused: 0 });
    expect(result.peakBacklog).toBeGreaterThanOrEqual(600_000);
    expect(result.peakBacklog).toBeLessThan(602_000);
    expect(result.drainSeconds).toBeCloseTo(600_000 / (1_950 - 100), -1);
  });

  it('lets a burst in as far as the bucket goes, and at the bucket’s refill', () => {
    // Act
    const burst = { baseRate: 0, burstRate: 2_000, burstSeconds: 10 };
    const result = backlogOf(OPEN, 'STANDARD', burst);

    // Assess
    const { bucket, value } = QUOTAS.startExecutionStandard.differs;
    expect(result.accepted).toBe(bucket + 10 * value);
    expect(result.refused).toBe(20_000 - bucket - 10 * value);
  });

  it('lets in no more than the account’s API requests and Lambda requests', () => {
    // Act
    const accepted = (quotas = quotasOf('us-east-1')) =>
      backlogOf(OPEN, 'EXPRESS', { baseRate: 0, burstRate: 50_000, burstSeconds: 100 }, quotas).accepted;

    // Assess
    expect(accepted() / 100).toBeCloseTo(10_000 / 3.1, 6);
    expect(accepted(quotasOf('us-east-1', { apiRequests: 100 })) / 100).toBe(100 + 5_000 / 100);
  });

  it('keeps executions waiting where their transitions don’t suffice', () => {
    // Act: 150 start a second, 800 / 6 are stored
    const burst = { baseRate: 0, burstRate: 150, burstSeconds: 600 };
    const result = backlogOf(OPEN, 'STANDARD', burst, quotasOf('eu-central-1'));

    // Assess: less what the full bucket of transitions took at first
    expect(result.refused).toBe(0);
    expect(result.peakUnstored).toBe(Math.ceil(600 * (150 - 800 / 6) - 800 / 6));
    expect(result.longestUnstoredSeconds).toBeCloseTo(result.peakUnstored / (800 / 6), -1);
  });

  it('sustains no more than any limit carries, nor than the one that binds first', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<WorkflowType>('STANDARD', 'EXPRESS'),
        fc.constantFrom('us-east-1', 'eu-central-1', 'eu-south-1'),
        fc.constantFrom(PRODUCTION, OPEN),
        fc.integer({ min: 1, max: 20_000 }),
        (type, region, design, rate) => {
          // Prepare
          const limits = limitsOf(design, type, quotasOf(region));
          const burstSeconds = 3_600;

          // Act
          const burst = { ...CALM, baseRate: 0, burstRate: rate, burstSeconds };
          const { settled } = simulateBacklog(limits, burst);

          // Assess: what the buckets hold is used once
          for (const limit of limits) {
            const given = limit.value * burstSeconds + limit.bucket;
            expect(settled * perOrder(limit)).toBeLessThanOrEqual(given * 1.000001);
          }
          const [first] = bindings(limits);
          expect(settled / burstSeconds).toBeLessThanOrEqual((first?.carries ?? 0) * 1.01);
        },
      ),
      { numRuns: 30 },
    );
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
          const result = backlogOf(PRODUCTION, 'STANDARD', scenario);

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
