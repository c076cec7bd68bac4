import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAwsEngines, type AwsEngines } from '@dofs/operations/testing/aws-engines';
import { failedOrder, rowOf } from '@dofs/operations/testing/orders';
import { startTinyPipeline, type TinyPipeline } from '@dofs/operations/testing/tiny-pipeline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environmentOf, runDofs, startDofs } from './testing/run-dofs.ts';

const ORDER = { customer_id: 'cust-12345', items: [{ product_id: 'prod-widget-001', quantity: 2 }] };

describe('dofs', { timeout: 30_000 }, () => {
  let engines: AwsEngines;
  let pipeline: TinyPipeline;
  let environment: NodeJS.ProcessEnv;
  let folder: string;
  let fulfils: (orderId: string, attempt: number) => boolean | Promise<boolean>;
  beforeAll(async () => {
    engines = await startAwsEngines();
    pipeline = await startTinyPipeline(engines, { fulfils: (id, attempt) => fulfils(id, attempt) });
    environment = environmentOf(pipeline.target);
  });
  afterAll(async () => {
    await pipeline.close();
    await engines.close();
  });
  beforeEach(() => {
    fulfils = () => true;
    folder = mkdtempSync(join(tmpdir(), 'dofs-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const dofs = (...args: string[]) => runDofs(args, environment);

  async function submitted(): Promise<string> {
    const { stdout } = await dofs('order', 'submit', '--customer', 'cust-1', '--item', 'p:2', '--json');
    return (JSON.parse(stdout) as { order_id: string }).order_id;
  }

  async function storedFailure() {
    const order = failedOrder({ failed_at: new Date().toISOString() });
    await pipeline.tables.createOrder(order);
    await pipeline.tables.putFailedOrder(rowOf(order));
    return order;
  }

  it.each(['flags', 'a file', 'standard input'])('sends an order from %s', async (source) => {
    // Prepare
    const file = join(folder, 'order.json');
    writeFileSync(file, JSON.stringify(ORDER));
    const args = {
      flags: ['--customer', 'cust-12345', '--item', 'prod-widget-001:2'],
      'a file': [file],
      'standard input': ['-'],
    }[source];

    // Act
    const { status, stdout } = await runDofs(
      ['order', 'submit', '--json', ...(args ?? [])],
      environment,
      JSON.stringify(ORDER),
    );

    // Assess
    expect(status).toBe(0);
    const { order_id } = JSON.parse(stdout) as { order_id: string };
    expect(await pipeline.tables.getOrder(order_id)).toMatchObject(ORDER);
  });

  it('looks an order up, as people and as programs read it', async () => {
    // Prepare
    const id = await submitted();

    // Act
    const forPeople = await dofs('order', 'get', id);
    const forPrograms = await dofs('order', 'get', id, '--json');

    // Assess
    expect(forPeople.stdout).toContain(id);
    expect(JSON.parse(forPrograms.stdout)).toMatchObject({ order_id: id, customer_id: 'cust-1' });
  });

  it.each([
    [true, 0, 'fulfilled'],
    [false, 1, 'failed'],
  ])('follows an order to its end (fulfilled: %s)', async (fulfilled, expectedStatus, step) => {
    // Prepare
    fulfils = () => fulfilled;
    const id = await submitted();

    // Act
    const { status, stdout } = await dofs('order', 'watch', id, '--json');

    // Assess
    expect(status).toBe(expectedStatus);
    const last = stdout.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ step });
  });

  it('tests under load, judges by a given rate and writes both reports', async () => {
    // Prepare
    const html = join(folder, 'report.html');
    const json = join(folder, 'report.json');
    const args = [
      '--orders',
      '12',
      '--concurrency',
      '4',
      '--success-rate',
      '1',
      '--report',
      html,
      '--report',
      json,
    ];

    // Act
    const { status, stdout } = await dofs('test', 'stress', ...args);

    // Assess
    expect(stdout).toContain('12 of 12 accepted');
    expect(stdout).toContain('stress test PASSED');
    expect(status).toBe(0);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|src=|href=|@import|url\(/);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ accepted: 12, passed: true });
  });

  it('fails a test whose success rate does not fit', async () => {
    // Prepare
    fulfils = () => false;

    // Act
    const { status, stdout } = await dofs(
      'test',
      'stress',
      '--orders',
      '12',
      '--success-rate',
      '0.7',
      '--json',
    );

    // Assess
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 12, failed: 12, successRate: { fits: false } });
  });

  it('still prints the report so far when Ctrl-C stops a test', async () => {
    // Prepare
    let release = () => {};
    const held = new Promise<boolean>((resolve) => (release = () => resolve(true)));
    fulfils = () => held;
    const { child, ended } = startDofs(
      ['test', 'stress', '--orders', '6', '--success-rate', '1'],
      environment,
    );
    const before = (await pipeline.tables.listOrdersByStatus('PROCESSING', { limit: 100, newestFirst: true }))
      .length;
    await expect
      .poll(
        async () => {
          const waiting = await pipeline.tables.listOrdersByStatus('PROCESSING', {
            limit: 100,
            newestFirst: true,
          });
          return waiting.length - before;
        },
        { timeout: 10_000 },
      )
      .toBe(6);

    // Act
    child.kill('SIGINT');
    setTimeout(release, 200);
    const { status, stdout } = await ended;

    // Assess
    expect(status).toBe(130);
    expect(stdout).toContain('6 of 6 accepted');
    expect(stdout).toContain('INTERRUPTED');
  });

  it('lists and shows failed orders', async () => {
    // Prepare
    const order = await storedFailure();

    // Act
    const list = await dofs('failed', 'list', '--json', '--source', 'fulfillment');
    const whole = await dofs('failed', 'list', '--json', '--since', 'all');
    const other = await dofs('failed', 'list', '--json', '--source', 'storage');
    const show = await dofs('failed', 'show', order.order_id);

    // Assess
    const ids = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as { order_id: string }[]).map(({ order_id }) => order_id);
    expect(ids(list)).toContain(order.order_id);
    const [row] = JSON.parse(list.stdout) as object[];
    expect(JSON.parse(whole.stdout)).toContainEqual(row);
    expect(ids(whole)).toContain(order.order_id);
    expect(ids(other)).not.toContain(order.order_id);
    expect(show.stdout).toContain('out of stock');
  });

  it('redrives one failed order after showing what it would do', async () => {
    // Prepare
    const { order_id } = await storedFailure();

    // Act
    const preview = await dofs('failed', 'redrive', order_id, '--dry-run');
    const untouched = await pipeline.tables.getOrder(order_id);
    const redrive = await dofs('failed', 'redrive', order_id, '--by', 'ada');
    const watch = await dofs('order', 'watch', order_id);

    // Assess
    expect(preview.stdout).toContain('begin another attempt');
    expect(untouched?.status).toBe('FAILED');
    expect(redrive).toMatchObject({ status: 0, stdout: expect.stringContaining('attempt 2') as string });
    expect(watch.status).toBe(0);
    expect((await pipeline.tables.getOrder(order_id))?.redrives).toMatchObject([{ by: 'ada', attempt: 2 }]);
  });

  it('does not redrive several without a yes', async () => {
    // Prepare
    const orders = [await storedFailure(), await storedFailure()];

    // Act
    const { status, stderr } = await dofs('failed', 'redrive', ...orders.map(({ order_id }) => order_id));

    // Assess
    expect(status).toBe(2);
    expect(stderr).toContain('--yes');
    expect((await pipeline.tables.getOrder(orders[0]?.order_id ?? ''))?.status).toBe('FAILED');
  });

  it('shows what is in the dead letter queue, which stays there', async () => {
    // Prepare
    const bodies = Array.from({ length: 12 }, (_, n) => `not an order ${n}`);
    bodies.forEach((body) => engines.queues.sendMessage('dofs-dev-order-dlq', body));

    // Act
    const first = await dofs('queue', 'peek', '--json');
    const second = await dofs('queue', 'peek', '--json');

    // Assess
    for (const { stdout } of [first, second]) {
      const { visible, messages } = JSON.parse(stdout) as { visible: number; messages: { body: string }[] };
      expect(visible).toBe(12);
      expect(messages.map(({ body }) => body).sort()).toEqual(bodies.toSorted());
    }
  });

  it('tells the health, and what it can not know here', async () => {
    // Prepare
    await submitted();

    // Act
    const { status, stdout } = await dofs('status', '--json');

    // Assess
    expect(status).toBe(0);
    const health = JSON.parse(stdout) as Record<string, { known: boolean; value?: unknown }>;
    expect(health['counts']).toMatchObject({ known: true });
    expect(health['queues']).toMatchObject({ known: true });
    expect(health['alarms']).toMatchObject({ known: false });
  });
});
