import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import type { Transition } from '@dofs/order-tables/order-tables';
import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { inMemoryOrderTables, type InMemoryTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { troubled, troublesOf, type Trouble } from '@dofs/order-tables/testing/troubled';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';
import { simulatedWarehouse } from './simulated-warehouse.ts';

const NOW = '2026-03-01T10:00:00.000Z';

function storedOrder(index: number): Order {
  return newOrder({
    order_id: `00000000-0000-4000-8000-00000000000${index}`,
    correlation_id: `correlation-${index}`,
    order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] },
    execution_arn: `arn:execution:${index}`,
    created_at: NOW,
  });
}

/** One invocation: which orders' messages are in its batch, and what becomes of its calls. */
const invocations = fc.record({
  orders: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
  troubles: fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 12 }),
  /** Killed before it could answer: nothing is acknowledged. */
  killed: fc.boolean(),
});

/** Watches that no attempt of an order is settled twice. */
function settlementsOf(tables: InMemoryTables) {
  const settled: string[] = [];
  const note = (transition: Transition) => {
    if (transition.done) {
      settled.push(`${transition.order.order_id}:${transition.order.attempts}`);
    }
    return transition;
  };
  const watched: InMemoryTables = {
    ...tables,
    settleFulfilled: async (attempt, at) => note(await tables.settleFulfilled(attempt, at)),
    settleFailed: async (attempt, failure) => note(await tables.settleFailed(attempt, failure)),
  };
  return { settled, watched };
}

function statusAfter(kind: string | undefined): string | undefined {
  if (kind === 'unknown order') {
    return undefined;
  }
  return kind === 'good' ? 'FULFILLED' : 'PROCESSING';
}

describe('fulfilment, whatever happens', () => {
  it('settles every order once, and acknowledges no message before its effect is stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(invocations, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (scheduler, calls, successRate) => {
          // Prepare
          const tables = inMemoryOrderTables();
          const { settled, watched } = settlementsOf(tables);
          const orders = [0, 1, 2].map(storedOrder);
          await Promise.all(orders.map((order) => tables.createOrder(order)));
          const bodies = orders.map((order) => JSON.stringify(messageOf(order)));
          const handlerWith = (troubles: readonly Trouble[]) =>
            createHandler({
              ...testBasics(() => NOW),
              tables: troubled(watched, {
                pause: () => scheduler.schedule(Promise.resolve()),
                next: troublesOf(troubles),
              }),
              fulfillment: simulatedWarehouse({ successRate, errorRate: 0 }),
            });

          // Act
          const running = calls.map(async ({ orders: batch, troubles, killed }) => {
            const Records = batch.map((order, index) => sqsRecord(`${index}`, bodies[order] ?? ''));
            const { batchItemFailures } = await handlerWith(troubles)({ Records }, UNHURRIED);
            const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
            const acknowledged = batch.filter((_order, index) => !killed && !failed.has(`${index}`));

            // Assess
            for (const order of acknowledged) {
              const id = orders[order]?.order_id ?? '';
              const status = tables.orders.get(id)?.status;
              expect(status).not.toBe('PROCESSING');
              expect(tables.failedOrders.has(id)).toBe(status === 'FAILED');
            }
          });
          await scheduler.waitFor(Promise.all(running));

          // Act: SQS delivers again what was not acknowledged; here all of it.
          const Records = bodies.map((body, index) => sqsRecord(`${index}`, body, 2));
          const answer = await scheduler.waitFor(handlerWith([])({ Records }, UNHURRIED));

          // Assess
          expect(answer.batchItemFailures).toEqual([]);
          expect(violationsAtRest(tables)).toEqual([]);
          expect(new Set(settled).size).toBe(settled.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fails no record but those in trouble', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('good', 'not JSON', 'other shape', 'unknown order', 'poison'), {
          minLength: 1,
          maxLength: 10,
        }),
        async (kinds) => {
          // Prepare
          const tables = inMemoryOrderTables();
          const orders = kinds.map((_kind, index) => storedOrder(index));
          const bodies = orders.map((order, index) => {
            const good = JSON.stringify(messageOf(order));
            return {
              good,
              poison: good,
              'unknown order': good,
              'not JSON': '{',
              'other shape': JSON.stringify({ order_id: order.order_id }),
            }[kinds[index] ?? 'good'];
          });
          for (const [index, order] of orders.entries()) {
            if (kinds[index] !== 'unknown order') {
              await tables.createOrder(order);
            }
          }
          const kindOf = (orderId: string) => kinds[orders.findIndex(({ order_id }) => order_id === orderId)];
          const askedAgain = new Set<string | undefined>();
          const handler = createHandler({
            ...testBasics(() => NOW),
            tables,
            fulfillment: {
              fulfil: ({ orderId, delivery }) => {
                const kind = kindOf(orderId);
                if (delivery > 1) {
                  askedAgain.add(kind);
                }
                return kind === 'poison'
                  ? Promise.reject(new Error('the warehouse burns'))
                  : Promise.resolve({ fulfilled: true });
              },
            },
          });

          // Act
          const Records = bodies.map((body, index) => sqsRecord(`${index}`, body));
          const { batchItemFailures } = await handler({ Records }, UNHURRIED);
          const again = bodies.map((body, index) => sqsRecord(`${index}`, body, 2));
          const secondAnswer = await handler({ Records: again }, UNHURRIED);

          // Assess: only an order that may yet be fulfilled is asked for a second time
          expect(secondAnswer).toEqual({ batchItemFailures });
          expect([...askedAgain]).toEqual(kinds.includes('poison') ? ['poison'] : []);
          const bad = kinds.flatMap((kind, index) => (kind === 'good' ? [] : [`${index}`]));
          expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(bad);
          for (const [index, order] of orders.entries()) {
            const status = tables.orders.get(order.order_id)?.status;
            expect(status).toBe(statusAfter(kinds[index]));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
