import type { OrderTables } from '@dofs/order-tables/order-tables';
import { describe, expect, it, vi } from 'vitest';
import { MAX_MESSAGES_IN_QUEUE } from './stuck-orders.ts';
import { FAILURE, JUST_NOW, LONG_AGO, NOW, order, sweepWorld } from './testing/sweep-world.ts';

describe('stuck-order-sweep', () => {
  it('queues a stuck order again in a new attempt, and leaves the others alone', async () => {
    // Prepare
    const { tables, basics, sent, handler } = sweepWorld();
    const stuck = order(1, LONG_AGO);
    await tables.createOrder(stuck);
    await tables.createOrder(order(2, JUST_NOW));
    await tables.createOrder(order(3, LONG_AGO));
    await tables.settleFulfilled({ orderId: order(3, LONG_AGO).order_id, attempt: 1 }, LONG_AGO);

    // Act
    const report = await handler();

    // Assess
    expect(report).toEqual({
      requeued: 1,
      givenUp: 0,
      lostExecutions: 0,
      rowsCompleted: 0,
      rowsRemoved: 0,
    });
    expect(sent).toEqual([
      {
        order_id: stuck.order_id,
        correlation_id: 'correlation-1',
        attempt: 2,
        order: { customer_id: 'customer', items: stuck.items },
        execution_arn: 'arn:execution:1',
        created_at: LONG_AGO,
      },
    ]);
    expect(tables.orders.get(stuck.order_id)?.redrives).toEqual([
      { at: NOW, by: 'stuck-order-sweep', attempt: 2 },
    ]);
    expect(basics.lines[0]).toMatchObject({
      message: 'stuck order queued again',
      order_id: stuck.order_id,
      correlation_id: 'correlation-1',
    });
    expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersRequeued: 1 }));
  });

  async function queuedAgainTooOften(tables: OrderTables, index: number, by: readonly string[]) {
    await tables.createOrder(order(index, LONG_AGO));
    for (const [before, who] of by.entries()) {
      const attempt = { orderId: order(index, LONG_AGO).order_id, attempt: before + 1 };
      await tables.requeueOrder(attempt, { at: LONG_AGO, by: who });
    }
  }
  const THREE_TIMES = ['stuck-order-sweep', 'stuck-order-sweep', 'stuck-order-sweep'];

  it("gives up an order that was queued again too often, counting from an operator's redrive", async () => {
    // Prepare
    const { tables, sent, deadLetters, handler } = sweepWorld();
    await queuedAgainTooOften(tables, 1, THREE_TIMES);
    await queuedAgainTooOften(tables, 2, ['stuck-order-sweep', 'stuck-order-sweep', 'ann']);

    // Act
    const report = await handler();

    // Assess: dlq-handler does the failing
    expect(report).toMatchObject({ requeued: 1, givenUp: 1 });
    expect(sent.map(({ order_id, attempt }) => [order_id.at(-1), attempt])).toEqual([['2', 5]]);
    expect(deadLetters).toMatchObject([
      { order_id: order(1, LONG_AGO).order_id, attempt: 4, failure: { source: 'queue' } },
    ]);
  });

  it('counts what it did even where it could not do all', async () => {
    // Prepare
    const { tables, basics, handler } = sweepWorld({ refused: [order(1, LONG_AGO).order_id] });
    await tables.createOrder(order(1, LONG_AGO));
    await tables.createOrder(order(2, LONG_AGO));

    // Act
    const outcome = handler();

    // Assess
    await expect(outcome).rejects.toThrow(AggregateError);
    expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersRequeued: 1 }));
    expect(basics.lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        error_message: 'SQS throttles',
        order_id: order(1, LONG_AGO).order_id,
        correlation_id: 'correlation-1',
      }),
    );
  });

  it('counts what it queued again even where the run ends in the middle of a later job', async () => {
    // Prepare: the listing of executions never answers
    const { tables, basics, handler } = sweepWorld({ executionsHang: true });
    await tables.createOrder(order(1, LONG_AGO));

    // Act
    void handler();

    // Assess
    await vi.waitFor(() => {
      expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersRequeued: 1 }));
    });
    expect(basics.lines).not.toContainEqual(expect.objectContaining({ message: 'sweep done' }));
  });

  it('lets orders wait while the queue is long', async () => {
    // Prepare
    const { tables, sent, basics, handler } = sweepWorld({ waiting: MAX_MESSAGES_IN_QUEUE + 1 });
    await tables.createOrder(order(1, LONG_AGO));

    // Act
    await handler();

    // Assess
    expect(sent).toEqual([]);
    expect(tables.orders.get(order(1, LONG_AGO).order_id)?.attempts).toBe(1);
    expect(basics.lines[0]).toMatchObject({ level: 'WARN', orders: 1 });
  });

  it('queues an order again, and never gives it up, while its message may still wait in the queue', async () => {
    // Prepare: there is always one message in the queue, and those of this order may never have been sent
    const { clock, tables, sent, deadLetters, handler } = sweepWorld({ waiting: 1 });
    await queuedAgainTooOften(tables, 1, THREE_TIMES);

    // Act: for two hours, every five minutes
    for (let minutes = 0; minutes <= 120; minutes += 5) {
      clock.now = new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
      await handler();
    }

    // Assess: at once, then after 30 and 60 minutes, so that a slow queue comes to the current attempt
    expect(sent.map(({ attempt }) => attempt)).toEqual([5, 6, 7]);
    expect(tables.orders.get(order(1, LONG_AGO).order_id)?.redrives?.slice(-3)).toMatchObject([
      { at: '2026-03-01T10:30:00.000Z' },
      { at: '2026-03-01T11:00:00.000Z' },
      { at: '2026-03-01T12:00:00.000Z' },
    ]);
    expect(deadLetters).toEqual([]);
  });

  it('comes to a stuck order however many before it need nothing', async () => {
    // Prepare: more than a page of one millisecond
    const { tables, sent, handler } = sweepWorld({ waiting: 1 });
    for (let index = 10; index < 260; index += 1) {
      await tables.createOrder({ ...order(index, LONG_AGO), updated_at: JUST_NOW });
    }
    const stuck = [order(1, LONG_AGO), order(2, '2026-03-01T10:00:00.002Z')];
    await Promise.all(stuck.map((one) => tables.createOrder(one)));

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ requeued: 2 });
    expect(sent.map(({ order_id }) => order_id)).toEqual(stuck.map(({ order_id }) => order_id));
  });

  it('fills the queue in one run no further than where it lets orders wait', async () => {
    // Prepare
    const { tables, handler } = sweepWorld({ waiting: MAX_MESSAGES_IN_QUEUE - 100 });
    for (let index = 10; index < 360; index += 1) {
      await tables.createOrder(order(index, new Date(Date.parse(LONG_AGO) + index).toISOString()));
    }

    // Act
    const report = await handler();

    // Assess: a page more at the most
    expect(report.requeued).toBeGreaterThan(100);
    expect(report.requeued).toBeLessThanOrEqual(200);
  });

  it('looks at failed orders and executions even where queueing again takes too long, and says so', async () => {
    // Prepare: half a second each
    const lost = order(999, LONG_AGO);
    const badEnds = [
      { name: lost.order_id, executionArn: 'arn:lost', status: 'FAILED', startedAt: LONG_AGO },
    ];
    const inputs = { 'arn:lost': JSON.stringify({ ...lost, order: lost }) };
    const { tables, basics, deadLetters, handler } = sweepWorld({ badEnds, inputs, queueCallMs: 500 });
    for (let index = 10; index < 110; index += 1) {
      await tables.createOrder(order(index, LONG_AGO));
    }
    await tables.upsertFailed(order(1, LONG_AGO), FAILURE);

    // Act
    const outcome = handler();

    // Assess
    await expect(outcome).rejects.toThrow(/not all stuck orders .* raise sweepTimeoutSeconds/);
    expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersRequeued: 30 }));
    expect(deadLetters.length).toBeGreaterThan(0);
    expect(tables.failedOrders.has(order(1, LONG_AGO).order_id)).toBe(true);
  });
});
