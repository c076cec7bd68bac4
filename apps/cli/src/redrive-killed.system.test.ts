import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startAwsEngines, type AwsEngines } from '@dofs/operations/testing/aws-engines';
import { failedOrder, rowOf } from '@dofs/operations/testing/orders';
import { startTinyPipeline, type TinyPipeline } from '@dofs/operations/testing/tiny-pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf, startDofs } from './testing/run-dofs.ts';

const ORDERS = 40;
const REDRIVE = ['failed', 'redrive', '--all', '--yes', '--json'];

describe('dofs failed redrive, stopped half-way', { timeout: 120_000 }, () => {
  let engines: AwsEngines;
  let pipeline: TinyPipeline;
  beforeAll(async () => {
    engines = await startAwsEngines();
    pipeline = await startTinyPipeline(engines, { fulfils: () => true });
  });
  afterAll(async () => {
    await pipeline.close();
    await engines.close();
  });

  /** Kills it after so many outcomes; the others that it works on at that moment are in any of the three steps. */
  async function killedAfter(outcomes: number): Promise<boolean> {
    const { child, ended } = startDofs(REDRIVE, environmentOf(pipeline.target));
    let seen = 0;
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', () => {
        seen += 1;
        if (seen === outcomes) {
          child.kill('SIGKILL');
        }
      });
    }
    const { status } = await ended;
    return status === null;
  }

  async function storedFailures() {
    const orders = Array.from({ length: ORDERS }, () => failedOrder());
    for (const order of orders) {
      await pipeline.tables.createOrder(order);
      await pipeline.tables.putFailedOrder(rowOf(order));
    }
    return orders;
  }

  it('finishes what it is at when Ctrl-C stops it, and leaves the rest as it was', async () => {
    // Prepare
    const orders = await storedFailures();
    const { child, ended } = startDofs(REDRIVE, environmentOf(pipeline.target));

    // Act
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).once('line', () => child.kill('SIGINT'));
    }
    const { status, stdout } = await ended;

    // Assess
    expect(status).toBe(130);
    const lines = stdout.trim().split('\n');
    const done = new Set(lines.map((line) => (JSON.parse(line) as { order_id: string }).order_id));
    expect(done.size).toBeLessThan(ORDERS);
    for (const { order_id } of orders) {
      const row = await pipeline.tables.getFailedOrder(order_id);
      expect(row === undefined).toBe(done.has(order_id));
    }
    await startDofs(REDRIVE, environmentOf(pipeline.target)).ended;
  });

  it('loses no order and fulfils none twice, killed again and again', async () => {
    // Prepare
    const orders = await storedFailures();

    // Act
    let kills = 0;
    while (await killedAfter(1 + (kills % 4))) {
      kills += 1;
    }
    const last = startDofs(REDRIVE, environmentOf(pipeline.target));
    await once(last.child, 'close');

    // Assess
    expect(kills).toBeGreaterThan(3);
    const settled = () =>
      pipeline.settled.filter((entry) => orders.some(({ order_id }) => entry.startsWith(order_id)));
    await expect.poll(() => new Set(settled()).size, { timeout: 10_000 }).toBe(ORDERS);
    expect(settled().sort()).toEqual(orders.map(({ order_id }) => `${order_id}:2`).sort());
    for (const { order_id } of orders) {
      const order = await pipeline.tables.getOrder(order_id);
      expect(order).toMatchObject({ status: 'FULFILLED', attempts: 2 });
      expect(order?.redrives).toHaveLength(1);
      expect(await pipeline.tables.getFailedOrder(order_id)).toBeUndefined();
    }
  });
});
