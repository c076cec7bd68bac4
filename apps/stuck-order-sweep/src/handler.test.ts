import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { newOrder } from '@dofs/orders/new-order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';
import type { BadEnd } from './ports.ts';
import { MAX_WAITING_MESSAGES } from './stuck-orders.ts';

const NOW = '2026-03-01T10:30:00.000Z';
const LONG_AGO = '2026-03-01T10:00:00.000Z';
const JUST_NOW = '2026-03-01T10:29:30.000Z';

function order(index: number, created_at: string) {
  return newOrder({
    order_id: `00000000-0000-4000-8000-00000000000${index}`,
    correlation_id: `correlation-${index}`,
    order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] },
    execution_arn: `arn:execution:${index}`,
    created_at,
  });
}

interface Situation {
  readonly waiting?: number;
  readonly badEnds?: readonly BadEnd[];
  readonly inputs?: Readonly<Record<string, string>>;
}

function world({ waiting = 0, badEnds = [], inputs = {} }: Situation = {}) {
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => NOW);
  const sent: QueueMessage[] = [];
  const handler = createHandler({
    ...basics,
    tables,
    queue: {
      waitingMessages: () => Promise.resolve(waiting),
      send: (message) => {
        sent.push(message);
        return Promise.resolve();
      },
    },
    executions: {
      endedBadlySince: () => Promise.resolve(badEnds),
      input: (executionArn) => Promise.resolve(inputs[executionArn]),
    },
    settings: { stuckAfterSeconds: 900, maxRequeues: 3 },
  });
  return { tables, basics, sent, handler };
}

describe('stuck-order-sweep', () => {
  it('queues a stuck order again in a new attempt, and leaves the others alone', async () => {
    // Prepare
    const { tables, basics, sent, handler } = world();
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
      failed: 0,
      lostExecutionsRecorded: 0,
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
    expect(basics.lines.at(-1)).toMatchObject({ OrdersRequeued: 1 });
  });

  it("fails an order that was queued again too often, counting from an operator's redrive", async () => {
    // Prepare
    const { tables, sent, handler } = world();
    for (const [index, by] of [
      [1, ['stuck-order-sweep', 'stuck-order-sweep', 'stuck-order-sweep']],
      [2, ['stuck-order-sweep', 'stuck-order-sweep', 'ann']],
    ] as const) {
      await tables.createOrder(order(index, LONG_AGO));
      for (const [before, who] of by.entries()) {
        const attempt = { orderId: order(index, LONG_AGO).order_id, attempt: before + 1 };
        await tables.requeueOrder(attempt, { at: LONG_AGO, by: who });
      }
    }

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ requeued: 1, failed: 1 });
    expect(sent.map(({ order_id, attempt }) => [order_id.at(-1), attempt])).toEqual([['2', 5]]);
    const id = order(1, LONG_AGO).order_id;
    expect(tables.orders.get(id)).toMatchObject({ status: 'FAILED', failure_source: 'queue' });
    expect(tables.failedOrders.get(id)).toMatchObject({ failure_source: 'queue', attempts: 4 });
  });

  it('lets orders wait while the queue is long', async () => {
    // Prepare
    const { tables, sent, basics, handler } = world({ waiting: MAX_WAITING_MESSAGES + 1 });
    await tables.createOrder(order(1, LONG_AGO));

    // Act
    await handler();

    // Assess
    expect(sent).toEqual([]);
    expect(tables.orders.get(order(1, LONG_AGO).order_id)?.attempts).toBe(1);
    expect(basics.lines[0]).toMatchObject({ level: 'WARN', orders: 1 });
  });

  it('writes the missing row of a failed order, and removes that of a fulfilled one', async () => {
    // Prepare
    const { tables, handler } = world();
    const failure = { at: LONG_AGO, source: 'fulfillment', reason: 'out of stock' } as const;
    const [failed, redriven] = [order(1, LONG_AGO), order(2, LONG_AGO)];
    const first = { orderId: redriven.order_id, attempt: 1 };
    await tables.upsertFailed(failed, failure);
    await tables.upsertFailed(redriven, failure);
    await tables.reopenOrder(first, { at: LONG_AGO, by: 'ann' });
    await tables.settleFulfilled({ ...first, attempt: 2 }, LONG_AGO);
    await tables.putFailedOrder({
      order_id: redriven.order_id,
      failed_at: LONG_AGO,
      failure_source: 'fulfillment',
      failure_reason: 'out of stock',
      original_message: '{}',
      attempts: 1,
    });

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ rowsCompleted: 1, rowsRemoved: 1 });
    expect(tables.failedOrders.get(failed.order_id)).toMatchObject({ failed_at: LONG_AGO, attempts: 1 });
    expect(tables.failedOrders.has(redriven.order_id)).toBe(false);
  });

  it('records the order of an execution that ended without a trace of it', async () => {
    // Prepare
    const lost = order(1, LONG_AGO);
    const badEnds = [
      { name: lost.order_id, executionArn: 'arn:lost', status: 'ABORTED', startedAt: LONG_AGO },
      { name: 'by-hand', executionArn: 'arn:by-hand', status: 'FAILED', startedAt: LONG_AGO },
      { name: order(2, LONG_AGO).order_id, executionArn: 'arn:odd', status: 'FAILED', startedAt: LONG_AGO },
    ];
    const input = {
      order_id: lost.order_id,
      correlation_id: 'correlation-1',
      order: { customer_id: 'customer', items: lost.items },
    };
    const inputs = { 'arn:lost': JSON.stringify(input), 'arn:odd': '{"hello":"world"}' };
    const { tables, handler } = world({ badEnds, inputs });

    // Act
    const report = await handler();
    const again = await handler();

    // Assess
    expect(report).toMatchObject({ lostExecutionsRecorded: 1 });
    expect(again).toMatchObject({ lostExecutionsRecorded: 0 });
    expect(tables.orders.size).toBe(1);
    expect(tables.orders.get(lost.order_id)).toMatchObject({
      status: 'FAILED',
      failure_source: 'storage',
      failure_reason: 'the order was never stored, its execution ended ABORTED',
      created_at: LONG_AGO,
    });
    expect(tables.failedOrders.get(lost.order_id)?.original_message).toBe(JSON.stringify(input));
  });
});
