import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { messageOf } from '@dofs/orders/message-of-order';
import { describe, expect, it } from 'vitest';
import type { Fulfillment } from './fulfillment.ts';
import { createHandler } from './handler.ts';
import { ATTEMPT, ORDER } from './testing/order.ts';

const NOW = '2026-03-01T10:00:04.000Z';
const BODY = JSON.stringify(messageOf(ORDER));
const FULFILS: Fulfillment = { fulfil: () => Promise.resolve({ fulfilled: true }) };
const REFUSES: Fulfillment = { fulfil: () => Promise.resolve({ fulfilled: false, reason: 'out of stock' }) };

async function world(fulfillment: Fulfillment) {
  const tables = inMemoryOrderTables();
  await tables.createOrder(ORDER);
  const basics = testBasics(() => NOW);
  const calls: string[] = [];
  const recorded = new Proxy(tables, {
    get(target, member): unknown {
      calls.push(String(member));
      return Reflect.get(target, member);
    },
  });
  return { tables, basics, calls, handler: createHandler({ ...basics, tables: recorded, fulfillment }) };
}

describe('fulfill-order', () => {
  it('fulfils an order with one write and no reads', async () => {
    // Prepare
    const { tables, basics, calls, handler } = await world(FULFILS);

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', BODY)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.orders.get(ORDER.order_id)).toEqual({
      ...ORDER,
      status: 'FULFILLED',
      updated_at: NOW,
      fulfilled_at: NOW,
    });
    expect(calls).toEqual(['settleFulfilled']);
    expect(basics.lines[0]).toMatchObject({
      level: 'INFO',
      message: 'order fulfilled',
      order_id: ORDER.order_id,
      correlation_id: 'correlation-1',
      attempt: 1,
    });
    expect(basics.lines[1]).toMatchObject({ OrdersFulfilled: 1, environment: 'test' });
    expect(basics.lines).toHaveLength(2);
  });

  it('records a refused order in both tables, with its message', async () => {
    // Prepare
    const { tables, basics, handler } = await world(REFUSES);

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', BODY)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    const failed = {
      ...ORDER,
      status: 'FAILED',
      updated_at: NOW,
      failed_at: NOW,
      failure_source: 'fulfillment',
      failure_reason: 'out of stock',
    };
    expect(tables.orders.get(ORDER.order_id)).toEqual(failed);
    expect(tables.failedOrders.get(ORDER.order_id)).toEqual({
      order_id: ORDER.order_id,
      failed_at: NOW,
      failure_source: 'fulfillment',
      failure_reason: 'out of stock',
      original_message: BODY,
      correlation_id: 'correlation-1',
      attempts: 1,
      order: failed,
    });
    expect(basics.lines.at(-1)).toMatchObject({ OrdersFailed: 1 });
  });

  it('counts both outcomes of a batch in which every order is refused: the success rate is then 0', async () => {
    // Prepare
    const { basics, handler } = await world(REFUSES);

    // Act
    await handler({ Records: [sqsRecord('m1', BODY)] }, UNHURRIED);

    // Assess
    expect(basics.lines).toContainEqual(
      expect.objectContaining({ OrdersFulfilled: 0, OrdersFailed: 1, OrdersRefused: 1, environment: 'test' }),
    );
  });

  it('completes the row of an order that failed before a crash', async () => {
    // Prepare
    const { tables, basics, handler } = await world(REFUSES);
    const early = { at: '2026-03-01T10:00:01.000Z', source: 'fulfillment', reason: 'out of stock' } as const;
    await tables.settleFailed(ATTEMPT, early);

    // Act
    await handler({ Records: [sqsRecord('m1', BODY, 2)] }, UNHURRIED);

    // Assess
    expect(tables.failedOrders.get(ORDER.order_id)?.failed_at).toBe('2026-03-01T10:00:01.000Z');
    expect(JSON.stringify(basics.lines)).not.toContain('OrdersFailed');
  });

  it('drops the message of an earlier attempt, with a line in the log', async () => {
    // Prepare
    const { tables, basics, handler } = await world(REFUSES);
    await tables.requeueOrder(ATTEMPT, { at: NOW, by: 'sweep' });

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', BODY)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('PROCESSING');
    expect(tables.failedOrders.size).toBe(0);
    expect(basics.lines[0]).toMatchObject({ message: 'message of an earlier attempt' });
  });

  it('leaves no failed row of a redriven order that is fulfilled', async () => {
    // Prepare
    const { tables, handler } = await world(FULFILS);
    await tables.settleFailed(ATTEMPT, { at: NOW, source: 'fulfillment', reason: 'out of stock' });
    await tables.putFailedOrder({
      order_id: ORDER.order_id,
      failed_at: NOW,
      failure_source: 'fulfillment',
      failure_reason: 'out of stock',
      original_message: BODY,
      attempts: 1,
    });
    await tables.reopenOrder({ order_id: ORDER.order_id, attempts: 1 }, { at: NOW, by: 'ann' });

    // Act
    await handler(
      { Records: [sqsRecord('m2', JSON.stringify({ ...messageOf(ORDER), attempt: 2 }))] },
      UNHURRIED,
    );

    // Assess
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('FULFILLED');
    expect(tables.failedOrders.size).toBe(0);
  });

  it.each([
    ['requeued', 'sqs-dlq', 1],
    ['redriven after the warehouse refused', 'fulfillment', 2],
  ] as const)(
    'asks the warehouse about an order that was %s under the right key',
    async (_how, source, request) => {
      // Prepare
      const asked: string[] = [];
      const { tables, handler } = await world({
        fulfil: ({ idempotencyKey }) => {
          asked.push(idempotencyKey);
          return Promise.resolve({ fulfilled: true });
        },
      });
      await tables.settleFailed(ATTEMPT, { at: NOW, source, reason: 'why' });
      const failed = await tables.getOrder(ORDER.order_id);
      const reopened = await tables.reopenOrder(failed ?? ORDER, { at: NOW, by: 'ann' });

      // Act
      const body = JSON.stringify(messageOf(reopened.order ?? ORDER));
      await handler({ Records: [sqsRecord('m2', body)] }, UNHURRIED);

      // Assess
      expect(asked).toEqual([`${ORDER.order_id}:${request}`]);
      expect(tables.orders.get(ORDER.order_id)).toMatchObject({ status: 'FULFILLED', attempts: 2 });
    },
  );

  it('says loudly that the warehouse fulfilled an order which was failed in the meantime', async () => {
    // Prepare: dead-lettered while the warehouse was at work
    const { tables, basics, handler } = await world({
      fulfil: async () => {
        await tables.settleFailed(ATTEMPT, { at: NOW, source: 'sqs-dlq', reason: 'received too often' });
        return { fulfilled: true };
      },
    });

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', BODY)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('FAILED');
    expect(basics.lines[0]).toMatchObject({
      level: 'ERROR',
      message: 'the warehouse fulfilled an order that is FAILED: redrive it',
      order_id: ORDER.order_id,
    });
  });

  it('reports a message for an attempt that has not begun', async () => {
    // Prepare
    const { tables, handler } = await world(FULFILS);

    // Act
    const answer = await handler(
      { Records: [sqsRecord('m1', JSON.stringify({ ...messageOf(ORDER), attempt: 2 }))] },
      UNHURRIED,
    );

    // Assess
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('PROCESSING');
  });

  it('gives up on a record that hangs before its time runs out, and keeps the others', async () => {
    // Prepare
    const { tables, basics, handler } = await world({
      fulfil: ({ delivery }) =>
        delivery === 2 ? new Promise(() => undefined) : Promise.resolve({ fulfilled: true }),
    });

    // Act
    const answer = await handler(
      { Records: [sqsRecord('hangs', BODY, 2), sqsRecord('works', BODY, 1)] },
      { getRemainingTimeInMillis: () => 350 },
    );

    // Assess
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'hangs' }] });
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('FULFILLED');
    expect(basics.lines.find(({ level }) => level === 'ERROR')).toMatchObject({
      error_name: 'OutOfTimeError',
      order_id: ORDER.order_id,
      message_id: 'hangs',
    });
  });
});
