import { describe, expect, it } from 'vitest';
import { samples } from '../measure/samples.ts';
import { growthOf } from '../measure/soak.ts';
import { goalsOf } from './goals.ts';
import type { LoadResult } from './load.ts';

/** As if every clock had stood still and nothing had been sent. */
const UNMEASURED: Parameters<typeof goalsOf>[0] = {
  machineBefore: '',
  machineAfter: '',
  workflowType: 'STANDARD',
  ordersOfARun: 1,
  startUp: [],
  bundles: [],
  load: [],
  soak: { clients: 50, memory: [], growth: undefined },
  peakMb: 0,
  orders: [],
  slow: [],
};

function loadOf(clients: number, stored: number, rates: readonly number[]): LoadResult {
  const none = samples('', [0]);
  return {
    clients,
    stored,
    before: { orders: stored, executions: 0 },
    after: { orders: stored, executions: 0 },
    finishedPerSecond: samples('orders/s', rates),
    acceptedPerSecond: none,
    processorMsAnOrder: none,
    latency: { count: 1, p50: 1, p95: 1, p99: 1, max: 1 },
    plainCeiling: none,
    sdkCeiling: none,
    ofPlainCeiling: none,
    ofSdkCeiling: none,
    residentMb: 1,
  };
}

describe('the goals', () => {
  it('of speed are judged by the median at 50 clients, and against the rate with few orders', () => {
    // Act
    const load = [
      loadOf(50, 1_000, [150, 90, 120]),
      loadOf(1, 1_000, [30]),
      loadOf(50, 100_000, [110, 99, 96]),
    ];
    const goals = goalsOf({ ...UNMEASURED, load }).filter(({ name }) => name.includes('stored'));

    // Assess: 99 of 120 are 82.5 %.
    expect(goals.map(({ reached }) => reached)).toEqual([true, false, false]);
    expect(goals[2]?.measured).toBe('82.5 %');
  });

  it('of a load is judged by the median over bare node', () => {
    // Act
    const bundle = (elapsed: readonly number[]) => ({
      app: 'validator',
      bytes: 1,
      zippedBytes: 1,
      bareMs: samples('ms', [40]),
      elapsedOverBareMs: samples('ms', elapsed),
      processorOverBareMs: samples('ms', [1]),
    });
    const goals = goalsOf({ ...UNMEASURED, bundles: [bundle([1, 61, 62]), bundle([59, 60, 900])] });

    // Assess
    expect(goals.slice(0, 2).map(({ reached }) => reached)).toEqual([false, true]);
  });

  it.each([
    ['grows by 1 MB per 1,000 orders after its caches are full', (n: number) => 300 + n / 10, true],
    ['grows by 10 MB per 1,000 orders', (n: number) => 300 + n, false],
    ['strays too much to tell', (n: number) => 300 + (n % 2) * 200, false],
  ])('of memory that %s', (_, mbAt, reached) => {
    // Prepare
    const memory = Array.from({ length: 40 }, (__, n) => ({
      orders: (n + 1) * 100,
      seconds: n,
      residentMb: n < 20 ? n * 10 : mbAt(n),
    }));

    // Act
    const goals = goalsOf({ ...UNMEASURED, soak: { clients: 50, memory, growth: growthOf(memory) } });

    // Assess
    expect(goals.map((goal) => goal.reached)).toEqual([reached]);
  });

  it('are not reached by memory that was read too seldom', () => {
    // Assess
    expect(goalsOf(UNMEASURED)).toMatchObject([{ measured: 'too few samples', reached: false }]);
  });
});
