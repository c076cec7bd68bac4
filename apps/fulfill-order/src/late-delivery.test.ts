import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables, type InMemoryTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { messageOf } from '@dofs/orders/message-of-order';
import { describe, expect, it } from 'vitest';
import { FRESH_FOR_SECONDS } from './fulfill.ts';
import { createHandler } from './handler.ts';
import { ATTEMPT, CREATED, ORDER } from './testing/order.ts';

const SOON = after(FRESH_FOR_SECONDS - 0.001);
const LATE = after(FRESH_FOR_SECONDS);
const QUEUE_FAILURE = { at: CREATED, source: 'queue', reason: 'SendToQueue failed' } as const;

function after(seconds: number): string {
  return new Date(Date.parse(CREATED) + seconds * 1_000).toISOString();
}

/** Delivers the message of an attempt to a warehouse that fulfils everything. */
function world(now: string) {
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => now);
  const asked: string[] = [];
  const calls: string[] = [];
  const recorded = new Proxy(tables, {
    get(target, member): unknown {
      calls.push(String(member));
      return Reflect.get(target, member);
    },
  });
  const fulfillment = {
    fulfil: ({ idempotencyKey }: { readonly idempotencyKey: string }) => {
      asked.push(idempotencyKey);
      return Promise.resolve({ fulfilled: true } as const);
    },
  };
  const handler = createHandler({ ...basics, tables: recorded, fulfillment });
  const deliver = ({ attempt = 1, count = 1 } = {}) => {
    const body = JSON.stringify({ ...messageOf(ORDER), attempt });
    return handler({ Records: [sqsRecord('m1', body, count)] }, UNHURRIED);
  };
  return { tables, basics, asked, calls, deliver };
}

/** How an order may stand when a message of its first attempt comes late. */
const SITUATIONS: Record<string, (tables: InMemoryTables) => Promise<unknown>> = {
  'has failed in the workflow, though its message was sent': (tables) =>
    tables.settleFailed(ATTEMPT, QUEUE_FAILURE),
  'is fulfilled': (tables) => tables.settleFulfilled(ATTEMPT, CREATED),
  'is in a later attempt': (tables) => tables.requeueOrder(ATTEMPT, { at: CREATED, by: 'sweep' }),
  'was redriven after the warehouse refused': async (tables) => {
    const refusal = { ...QUEUE_FAILURE, source: 'fulfillment' } as const;
    const { order } = await tables.settleFailed(ATTEMPT, refusal);
    await tables.reopenOrder(order ?? ORDER, { at: CREATED, by: 'ann' });
  },
};

describe('a message that can not come late', () => {
  it('of an order that was failed at the same moment is counted at odds, for a person to see', async () => {
    // Prepare
    const { tables, basics, asked, deliver } = world(SOON);
    await tables.createOrder(ORDER);
    await tables.settleFailed(ATTEMPT, QUEUE_FAILURE);

    // Act
    const answer = await deliver();

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(asked).toHaveLength(1);
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('FAILED');
    expect(basics.lines[0]).toMatchObject({ level: 'ERROR', order_id: ORDER.order_id });
    expect(basics.lines[1]).toMatchObject({ OrdersAtOdds: 1 });
    expect(JSON.stringify(basics.lines)).not.toMatch(/Orders(Fulfilled|Failed|Refused)/);
  });
});

describe('a message that may come late', () => {
  describe.each(Object.entries(SITUATIONS))('of an order that %s', (_what, bringAbout) => {
    it.each([
      ['delivered again', SOON, 2],
      ['delivered for the first time, after a long wait', LATE, 1],
    ])('asks the warehouse for nothing when it is %s', async (_how, now, count) => {
      // Prepare
      const { tables, asked, deliver } = world(now);
      await tables.createOrder(ORDER);
      await bringAbout(tables);
      const before = tables.orders.get(ORDER.order_id);

      // Act
      const answer = await deliver({ count });

      // Assess
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(asked).toEqual([]);
      expect(tables.orders.get(ORDER.order_id)).toEqual(before);
      expect(tables.failedOrders.has(ORDER.order_id)).toBe(before?.status === 'FAILED');
    });
  });

  it.each([
    ['delivered again', SOON, 2, 1],
    ['delivered late', LATE, 1, 1],
    ['of a later attempt', SOON, 1, 2],
  ])(
    'of an order that does not exist reaches no warehouse when it is %s',
    async (_how, now, count, attempt) => {
      // Prepare
      const { basics, asked, deliver } = world(now);

      // Act
      const answer = await deliver({ count, attempt });

      // Assess
      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
      expect(asked).toEqual([]);
      expect(basics.lines[0]).toMatchObject({ level: 'ERROR', error_name: 'UnknownOrderError' });
    },
  );

  it('of an attempt that has not begun reaches no warehouse', async () => {
    // Prepare
    const { tables, asked, deliver } = world(SOON);
    await tables.createOrder(ORDER);

    // Act
    const answer = await deliver({ attempt: 2 });

    // Assess
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(asked).toEqual([]);
  });

  it.each([
    ['delivered again', SOON, 2],
    ['delivered late', LATE, 1],
    ['created by a clock that runs ahead', after(-FRESH_FOR_SECONDS), 1],
  ])('fulfils an order that still waits for it, at the price of a read: %s', async (_how, now, count) => {
    // Prepare
    const { tables, asked, calls, deliver } = world(now);
    await tables.createOrder(ORDER);

    // Act
    await deliver({ count });

    // Assess
    expect(asked).toEqual([`${ORDER.order_id}:1`]);
    expect(calls).toEqual(['getOrder', 'settleFulfilled']);
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('FULFILLED');
  });

  it('costs no read when it is fresh', async () => {
    // Prepare
    const { tables, calls, deliver } = world(SOON);
    await tables.createOrder(ORDER);

    // Act
    await deliver();

    // Assess
    expect(calls).toEqual(['settleFulfilled']);
  });
});
