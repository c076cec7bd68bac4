import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { troubled, troublesOf, type Trouble } from '@dofs/order-tables/testing/troubled';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';

const NOW = '2026-03-01T10:00:00.000Z';
const SITUATIONS = ['unknown', 'processing', 'fulfilled', 'failed', 'failed, no row', 'redriven'] as const;
type Situation = (typeof SITUATIONS)[number];
const LETTERS = ['complete', 'not JSON', 'other shape', 'other order'] as const;

const cases = fc.record({
  situation: fc.constantFrom<Situation>(...SITUATIONS),
  letter: fc.constantFrom(...LETTERS),
  /** What becomes of the calls of the first deliveries. */
  troubles: fc.array(fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 5 }), {
    maxLength: 3,
  }),
});

function orderNumber(index: number): Order {
  return newOrder({
    order_id: `00000000-0000-4000-8000-00000000000${index}`,
    correlation_id: `correlation-${index}`,
    order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] },
    execution_arn: `arn:execution:${index}`,
    created_at: NOW,
  });
}

async function bringAbout(
  tables: ReturnType<typeof inMemoryOrderTables>,
  order: Order,
  situation: Situation,
): Promise<void> {
  const attempt = { orderId: order.order_id, attempt: 1 };
  if (situation === 'unknown') {
    return;
  }
  await tables.createOrder(order);
  if (situation === 'fulfilled') {
    await tables.settleFulfilled(attempt, NOW);
  } else if (situation === 'failed' || situation === 'failed, no row') {
    const failure = { at: NOW, source: 'fulfillment', reason: 'out of stock' } as const;
    await tables.settleFailed(attempt, failure);
    if (situation === 'failed') {
      await tables.putFailedOrder({
        order_id: order.order_id,
        failed_at: NOW,
        failure_source: 'fulfillment',
        failure_reason: 'out of stock',
        original_message: JSON.stringify(messageOf(order)),
        attempts: 1,
      });
    }
  } else if (situation === 'redriven') {
    await tables.requeueOrder(attempt, { at: NOW, by: 'ann' });
  }
}

function bodyOf(order: Order, letter: (typeof LETTERS)[number]): string {
  const message = messageOf(order);
  switch (letter) {
    case 'complete':
      return JSON.stringify(message);
    case 'not JSON':
      return `{"order_id":"${order.order_id}`;
    case 'other shape':
      return JSON.stringify({ order_id: order.order_id, hello: 'world' });
    case 'other order':
      return JSON.stringify({ ...message, order: { ...message.order, customer_id: 'another customer' } });
  }
}

/** The body that the row under a message's own id keeps. */
function keptBody(tables: ReturnType<typeof inMemoryOrderTables>, messageId: string): string | undefined {
  return tables.failedOrders.get(`message-${messageId}`)?.original_message;
}

describe('dead letters, whatever happens', () => {
  it('keeps every message whole, ends its order, and harms no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(cases, { minLength: 1, maxLength: 5 }),
        async (scheduler, letters) => {
          // Prepare
          const tables = inMemoryOrderTables();
          const orders = letters.map((_letter, index) => orderNumber(index));
          for (const [index, { situation }] of letters.entries()) {
            await bringAbout(tables, orders[index] ?? orderNumber(0), situation);
          }
          const before = new Map(tables.orders);
          const bodies = letters.map(({ letter }, index) => bodyOf(orders[index] ?? orderNumber(0), letter));
          const deliver = (index: number, troubles: readonly Trouble[]) => {
            const handler = createHandler({
              ...testBasics(() => NOW),
              tables: troubled(tables, {
                pause: () => scheduler.schedule(Promise.resolve()),
                next: troublesOf(troubles),
              }),
            });
            return handler({ Records: [sqsRecord(`m${index}`, bodies[index] ?? '')] }, UNHURRIED);
          };

          // Act: first deliveries in trouble, at the same time, then one that works.
          await scheduler.waitFor(
            Promise.all(
              letters.flatMap(({ troubles }, index) => troubles.map((trouble) => deliver(index, trouble))),
            ),
          );
          const answers = await scheduler.waitFor(
            Promise.all(letters.map((_letter, index) => deliver(index, []))),
          );

          // Assess
          expect(answers.flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
          for (const [index, { situation, letter }] of letters.entries()) {
            const id = orders[index]?.order_id ?? '';
            const order = tables.orders.get(id);
            const row = tables.failedOrders.get(id);
            const endsFailed =
              situation !== 'fulfilled' &&
              situation !== 'redriven' &&
              (letter === 'complete' || (letter === 'other order' && situation === 'unknown'));
            if (endsFailed) {
              expect(order?.status).toBe('FAILED');
              expect(row?.failed_at).toBe(order?.failed_at);
            } else {
              expect(order).toEqual(before.get(id));
            }
            const keptInRow = endsFailed && row?.original_message === bodies[index];
            const isStale = letter === 'complete' && !endsFailed;
            expect(keptInRow || isStale || keptBody(tables, `m${index}`) === bodies[index]).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves both tables agreeing on every order whose message is complete', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Situation>('unknown', 'processing', 'fulfilled', 'failed', 'failed, no row'),
        fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 4 }),
        async (situation, troubles) => {
          // Prepare
          const tables = inMemoryOrderTables();
          const order = orderNumber(1);
          await bringAbout(tables, order, situation);
          const next = troublesOf(troubles);
          const handler = createHandler({
            ...testBasics(() => NOW),
            tables: troubled(tables, { pause: () => Promise.resolve(), next }),
          });
          const Records = [sqsRecord('m1', JSON.stringify(messageOf(order)))];

          // Act
          let answer = await handler({ Records }, UNHURRIED);
          while (answer.batchItemFailures.length > 0) {
            answer = await handler({ Records }, UNHURRIED);
          }

          // Assess
          expect(violationsAtRest(tables)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
