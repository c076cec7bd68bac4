import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found } from './finding.ts';
import { loadReport } from './load-report.ts';
import { runLoad, type LoadHooks, type LoadPlan, type LoadProgress } from './load-test.ts';
import { OperationError } from './operation-error.ts';
import { settledQueues } from './settled-queues.ts';
import { startAwsEngines, type AwsEngines } from './testing/aws-engines.ts';
import { startTinyPipeline, type TinyPipeline } from './testing/tiny-pipeline.ts';

const HOOKS: LoadHooks = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  answerGraceMs: 0,
  onStopping: () => undefined,
};
const PLAN: LoadPlan = { orders: 20, concurrency: 5, settleTimeoutMs: 10_000 };

describe('a load test', () => {
  let engines: AwsEngines;
  let pipeline: TinyPipeline;
  /** Customers whose orders are never settled while the test holds them. */
  let release: (() => void) | undefined;
  let hold: Promise<void> | undefined;
  beforeAll(async () => {
    engines = await startAwsEngines();
    let count = 0;
    pipeline = await startTinyPipeline(engines, {
      fulfils: async () => {
        await hold;
        return ++count % 4 !== 0;
      },
    });
  });
  afterAll(async () => {
    release?.();
    await pipeline.close();
    await engines.close();
  });

  const order = (index: number) => ({
    customer_id: `cust-${index}`,
    items: [{ product_id: 'p', quantity: 1 }],
  });
  const context = (plan: LoadPlan) => ({
    test: 'stress',
    environment: 'dev',
    apiUrl: 'http://api',
    plan,
    configuredRate: found(0.75),
  });

  it('follows every order to its end and adds up what became of them', async () => {
    // Prepare
    const progress: LoadProgress[] = [];
    const hooks = { ...HOOKS, onProgress: (p: LoadProgress) => void progress.push(p) };

    // Act
    const run = await runLoad(pipeline.target, PLAN, order, hooks);
    const queues = found(await settledQueues(pipeline.target, [], 10_000, hooks.signal));
    const report = loadReport(run, { ...context(PLAN), queues });

    // Assess
    expect(report).toMatchObject({
      accepted: 20,
      fulfilled: 15,
      failed: 5,
      unsettled: 0,
      interrupted: false,
    });
    expect(report.failedBySource).toEqual({ fulfillment: 5 });
    expect(report.successRate).toMatchObject({ observed: 0.75, fits: true });
    expect(report.httpLatencyMs?.count).toBe(20);
    expect(report.endToEndMs?.count).toBe(20);
    expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(report.passed).toBe(true);
    expect(progress.at(-1)).toEqual({
      planned: 20,
      sent: 20,
      accepted: 20,
      refused: 0,
      fulfilled: 15,
      failed: 5,
    });
  });

  it('reports what it knows when it is stopped', async () => {
    // Prepare
    const stop = new AbortController();
    hold = new Promise((resolve) => (release = resolve));
    const plan = { ...PLAN, concurrency: 1 };
    const onProgress = ({ accepted }: LoadProgress) => {
      if (accepted === 3) {
        stop.abort();
      }
    };

    // Act
    const run = await runLoad(pipeline.target, plan, order, { ...HOOKS, signal: stop.signal, onProgress });
    release?.();
    hold = undefined;
    const report = loadReport(run, { ...context(plan), queues: { known: false, why: 'not asked' } });

    // Assess
    expect(report).toMatchObject({ interrupted: true, sent: 3, accepted: 3, unsettled: 3, passed: false });
    expect(report.unsettledOrders).toHaveLength(3);
  });

  it('keeps to the rate', async () => {
    // Prepare
    const plan = { ...PLAN, orders: 5, ratePerSecond: 20 };

    // Act
    const run = await runLoad(pipeline.target, plan, order, HOOKS);

    // Assess
    const sent = run.traces.map(({ sentMs }) => sentMs ?? 0).sort((a, b) => a - b);
    sent.forEach((ms, index) => expect(ms).toBeGreaterThanOrEqual(index * 50 - 2));
  });

  it('says that nothing answers, instead of reporting sixty failures', async () => {
    // Prepare
    const target = { ...pipeline.target, apiUrl: 'http://127.0.0.1:1/dev' };

    // Act
    const run = runLoad(target, PLAN, order, HOOKS);

    // Assess
    await expect(run).rejects.toMatchObject({ name: OperationError.name, kind: 'unreachable' });
  });

  it('counts a refused order as such', async () => {
    // Prepare
    const plan = { ...PLAN, orders: 4 };
    const withOneBad = (index: number) => (index === 2 ? { ...order(index), items: [] } : order(index));

    // Act
    const run = await runLoad(pipeline.target, plan, withOneBad, HOOKS);
    const report = loadReport(run, { ...context(plan), queues: { known: false, why: 'not asked' } });

    // Assess
    expect(report).toMatchObject({ accepted: 3, unsettled: 0, passed: false });
    expect(report.refused).toEqual([{ message: 'the API answered 400: Invalid request body', count: 1 }]);
  });

  it('waits for answers under way when it is stopped, but not for ever', async () => {
    // Prepare: an API that takes orders and never answers
    const stop = new AbortController();
    const silent = createServer(() => stop.abort()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const target = {
      ...pipeline.target,
      apiUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/dev`,
    };
    const waitedFor: number[] = [];
    const plan = { ...PLAN, concurrency: 1 };

    // Act
    const run = await runLoad(target, plan, order, {
      ...HOOKS,
      signal: stop.signal,
      answerGraceMs: 20,
      onStopping: (unanswered) => waitedFor.push(unanswered),
    });
    silent.closeAllConnections();
    silent.close();
    const report = loadReport(run, { ...context(plan), queues: { known: false, why: 'not asked' } });

    // Assess
    expect(waitedFor).toEqual([1]);
    expect(report).toMatchObject({ interrupted: true, sent: 1, accepted: 0, answerUnknown: 1, refused: [] });
  });

  it('shows where the messages of orders without an end are', async () => {
    // Prepare
    hold = new Promise((resolve) => (release = resolve));
    const plan = { ...PLAN, orders: 3, settleTimeoutMs: 100 };

    // Act
    const run = await runLoad(pipeline.target, plan, order, HOOKS);
    const queues = found(await settledQueues(pipeline.target, [], 0, HOOKS.signal));
    release?.();
    hold = undefined;
    const report = loadReport(run, { ...context(plan), queues });

    // Assess
    expect(report.unsettled).toBe(3);
    const check = report.checks.find(({ name }) => name === 'the queues came to rest');
    expect(check).toMatchObject({ passed: false, detail: 'orders waiting: 3' });
  });
});
