import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { newOrder } from '@dofs/orders/new-order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';
import type { BadEnd } from './ports.ts';
import { MAX_MESSAGES_IN_QUEUE } from './stuck-orders.ts';

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
  readonly issued?: readonly string[];
  /** Ids of orders whose messages are refused. */
  readonly refused?: readonly string[];
  readonly remainingMs?: number;
}

function world({
  waiting = 0,
  badEnds = [],
  inputs = {},
  issued = [],
  refused = [],
  remainingMs = 60_000,
}: Situation = {}) {
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => NOW);
  const sent: QueueMessage[] = [];
  const deadLetters: QueueMessage[] = [];
  const spans: { from: string; to: string }[] = [];
  const handler = createHandler({
    ...basics,
    tables,
    queues: {
      messagesInQueue: () => Promise.resolve(waiting),
      send: (message) => {
        if (refused.includes(message.order_id)) {
          return Promise.reject(new Error('SQS throttles'));
        }
        sent.push(message);
        return Promise.resolve();
      },
      deadLetter: (message) => {
        deadLetters.push(message);
        return Promise.resolve();
      },
    },
    executions: {
      async *endedBadly(span) {
        spans.push(span);
        yield* await Promise.resolve(badEnds.map((badEnd) => [badEnd]));
      },
      input: (executionArn) => Promise.resolve(inputs[executionArn]),
      isIssued: (orderId) => issued.includes(orderId),
    },
    settings: { stuckAfterSeconds: 900, maxRequeues: 3 },
  });
  return {
    tables,
    basics,
    sent,
    deadLetters,
    spans,
    handler: () => handler({}, { getRemainingTimeInMillis: () => remainingMs }),
  };
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
    expect(basics.lines.at(-1)).toMatchObject({ OrdersRequeued: 1 });
  });

  async function queuedAgainTooOften(
    tables: ReturnType<typeof world>['tables'],
    index: number,
    by: readonly string[],
  ) {
    await tables.createOrder(order(index, LONG_AGO));
    for (const [before, who] of by.entries()) {
      const attempt = { orderId: order(index, LONG_AGO).order_id, attempt: before + 1 };
      await tables.requeueOrder(attempt, { at: LONG_AGO, by: who });
    }
  }
  const THREE_TIMES = ['stuck-order-sweep', 'stuck-order-sweep', 'stuck-order-sweep'];

  it("gives up an order that was queued again too often, counting from an operator's redrive", async () => {
    // Prepare
    const { tables, sent, deadLetters, handler } = world();
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

  it('gives up no order while its message may still wait in the queue', async () => {
    // Prepare: the consumer is paused, one message waits
    const { tables, sent, deadLetters, handler } = world({ waiting: 1 });
    await queuedAgainTooOften(tables, 1, THREE_TIMES);

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ requeued: 0, givenUp: 0 });
    expect([...sent, ...deadLetters]).toEqual([]);
    expect(tables.orders.get(order(1, LONG_AGO).order_id)?.status).toBe('PROCESSING');
  });

  it('counts what it did even where it could not do all', async () => {
    // Prepare
    const { tables, basics, handler } = world({ refused: [order(1, LONG_AGO).order_id] });
    await tables.createOrder(order(1, LONG_AGO));
    await tables.createOrder(order(2, LONG_AGO));

    // Act
    const outcome = handler();

    // Assess
    await expect(outcome).rejects.toThrow(AggregateError);
    expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersRequeued: 1 }));
    expect(basics.lines).toContainEqual(
      expect.objectContaining({ level: 'ERROR', error_message: 'SQS throttles' }),
    );
  });

  it('lets orders wait while the queue is long', async () => {
    // Prepare
    const { tables, sent, basics, handler } = world({ waiting: MAX_MESSAGES_IN_QUEUE + 1 });
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
    await tables.reopenOrder({ order_id: redriven.order_id, attempts: 1 }, { at: LONG_AGO, by: 'ann' });
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

  it('hands the order of an execution that ended without a trace of it to dlq-handler', async () => {
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
    const { tables, deadLetters, spans, handler } = world({ badEnds, inputs });

    // Act
    const report = await handler();

    // Assess: not those that ended just now, whose own last message may be on its way
    expect(report).toMatchObject({ lostExecutions: 1 });
    expect(spans).toEqual([{ from: '2026-02-27T10:15:00.000Z', to: '2026-03-01T10:15:00.000Z' }]);
    expect(tables.orders.size).toBe(0);
    expect(deadLetters).toEqual([
      {
        ...input,
        attempt: 1,
        execution_arn: 'arn:lost',
        created_at: LONG_AGO,
        failure: {
          source: 'storage',
          reason: 'the order was never stored, its execution ended ABORTED',
        },
      },
    ]);
  });

  it('looks at stuck orders even where there is no time for all executions, and says so', async () => {
    // Prepare
    const badEnds = [
      { name: order(1, LONG_AGO).order_id, executionArn: 'arn:lost', status: 'FAILED', startedAt: LONG_AGO },
    ];
    const { tables, basics, sent, handler } = world({ badEnds, remainingMs: 1_000 });
    await tables.createOrder(order(2, LONG_AGO));

    // Act
    const outcome = handler();

    // Assess
    await expect(outcome).rejects.toThrow(/not all executions .* raise sweepTimeoutSeconds/);
    expect(sent).toHaveLength(1);
    expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersRequeued: 1 }));
  });

  it('fails loudly over an order that was accepted and can not be read any more', async () => {
    // Prepare
    const name = order(1, LONG_AGO).order_id;
    const badEnds = [{ name, executionArn: 'arn:odd', status: 'FAILED', startedAt: LONG_AGO }];
    const { handler } = world({ badEnds, inputs: { 'arn:odd': '{"hello":"world"}' }, issued: [name] });

    // Act
    const outcome = handler();

    // Assess
    await expect(outcome).rejects.toThrow(/arn:odd is no order/);
  });
});
