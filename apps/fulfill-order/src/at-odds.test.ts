import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { messageOf } from '@dofs/orders/message-of-order';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';
import { ATTEMPT, CREATED, ORDER } from './testing/order.ts';

const NOW = CREATED;
const BODY = JSON.stringify(messageOf(ORDER));
const IDS = { order_id: ORDER.order_id, correlation_id: 'correlation-1', attempt: 1 };
const PERHAPS = 'an earlier delivery may have asked the warehouse before the order was FAILED';

class TableError extends Error {}

/** A warehouse that fulfils everything, and others who fail the order while it is at work. */
async function world(changes: Partial<OrderTables> = {}) {
  const tables = inMemoryOrderTables();
  await tables.createOrder(ORDER);
  const basics = testBasics(() => NOW);
  let asked = 0;
  const fail = (source: 'queue' | 'fulfillment') =>
    tables.settleFailed(ATTEMPT, { at: NOW, source, reason: 'why' });
  const fulfillment = {
    fulfil: async () => {
      asked += 1;
      await fail('queue');
      return { fulfilled: true } as const;
    },
  };
  const handler = createHandler({ ...basics, tables: { ...tables, ...changes }, fulfillment });
  return { tables, basics, handler, fail, asked: () => asked };
}

describe('the yes of a warehouse to an order that is FAILED', () => {
  it.each([
    ['fails', () => Promise.reject(new TableError()), UNHURRIED],
    ['hangs', () => new Promise<never>(() => undefined), { getRemainingTimeInMillis: () => 350 }],
  ])('is logged and counted though the write of its row %s', async (_how, putFailedOrder, context) => {
    // Prepare
    const { basics, handler } = await world({ putFailedOrder });

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', BODY)] }, context);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(basics.lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'the warehouse fulfilled an order that is FAILED: redrive it',
        ...IDS,
      }),
    );
    expect(basics.lines).toContainEqual(expect.objectContaining({ OrdersAtOdds: 1 }));
  });

  it('is given as possible, without asking, where an earlier delivery may have got it', async () => {
    // Prepare
    const { tables, basics, handler, fail, asked } = await world();
    await fail('queue');

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', BODY, 2)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(asked()).toBe(0);
    expect(basics.lines[0]).toMatchObject({ level: 'WARN', message: PERHAPS, ...IDS });
    expect(JSON.stringify(basics.lines)).not.toContain('OrdersAtOdds');
    expect(tables.failedOrders.has(ORDER.order_id)).toBe(true);
  });

  it.each([
    ['the warehouse itself refused it', 'fulfillment', 2, NOW],
    ['no delivery came before', 'queue', 1, '2026-03-01T09:00:00.000Z'],
  ] as const)('is not feared where %s', async (_why, source, count, created_at) => {
    // Prepare
    const { basics, handler, fail, asked } = await world();
    await fail(source);

    // Act
    const body = JSON.stringify({ ...messageOf(ORDER), created_at });
    await handler({ Records: [sqsRecord('m1', body, count)] }, UNHURRIED);

    // Assess
    expect(asked()).toBe(0);
    expect(basics.lines).toHaveLength(1);
    expect(basics.lines[0]).toMatchObject({
      level: 'INFO',
      message: 'message of an order that failed before',
    });
  });
});
