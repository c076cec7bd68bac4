import { UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { completeFailure } from '@dofs/order-tables/complete-failure';
import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { troubled, troublesOf, type Trouble } from '@dofs/order-tables/testing/troubled';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';

const START = Date.parse('2026-03-01T10:00:00.000Z');
const STUCK_AFTER_SECONDS = 900;
const MAX_REQUEUES = 2;

function orderNumber(index: number): Order {
  return newOrder({
    order_id: `00000000-0000-4000-8000-00000000000${index}`,
    correlation_id: `correlation-${index}`,
    order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] },
    execution_arn: `arn:execution:${index}`,
    created_at: new Date(START).toISOString(),
  });
}

const cases = fc.record({
  /** For each order: from which attempt on its messages are fulfilled; 9: never. */
  orders: fc.array(fc.constantFrom(1, 2, 3, 9), { minLength: 1, maxLength: 3 }),
  /** Two sweeps at once in each of these rounds, each with the troubles of its calls; whether others' messages wait. */
  rounds: fc.array(
    fc.tuple(
      fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 8 }),
      fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 8 }),
      fc.boolean(),
    ),
    { maxLength: 4, size: 'max' },
  ),
});

describe('the sweep, whatever happens', () => {
  it('leaves no order PROCESSING, never queues an attempt ahead of its order, and gives up on an empty queue alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), cases, async (scheduler, { orders: firstGood, rounds }) => {
        // Prepare
        let clock = START;
        const now = () => new Date(clock).toISOString();
        const tables = inMemoryOrderTables();
        const orders = firstGood.map((_good, index) => orderNumber(index));
        await Promise.all(orders.map((order) => tables.createOrder(order)));
        const sent: QueueMessage[] = [];
        const ahead: QueueMessage[] = [];
        const tooEarly: QueueMessage[] = [];
        let isBusy = false;
        const queues = {
          messagesInQueue: () => Promise.resolve(isBusy ? 1 : 0),
          send: (message: QueueMessage) => {
            if (message.attempt > (tables.orders.get(message.order_id)?.attempts ?? 0)) {
              ahead.push(message);
            }
            sent.push(message);
            return Promise.resolve();
          },
          // As dlq-handler does, which redelivery makes sure of.
          deadLetter: async (message: QueueMessage) => {
            if (isBusy) {
              tooEarly.push(message);
            }
            const failure = { at: now(), source: 'queue', reason: message.failure?.reason ?? '' } as const;
            const attempt = { orderId: message.order_id, attempt: message.attempt };
            const transition = await tables.settleFailed(attempt, failure);
            await completeFailure(tables, transition, attempt, JSON.stringify(message));
          },
        };
        const sweep = async (troubles: readonly Trouble[]): Promise<void> => {
          const trouble = { pause: () => scheduler.schedule(Promise.resolve()), next: troublesOf(troubles) };
          const handler = createHandler({
            ...testBasics(now),
            tables: troubled(tables, trouble),
            queues: troubled(queues, trouble),
            executions: undefined,
            settings: { stuckAfterSeconds: STUCK_AFTER_SECONDS, maxRequeues: MAX_REQUEUES },
          });
          try {
            await handler({}, UNHURRIED);
          } catch (error) {
            expect(error).toBeInstanceOf(AggregateError); // The next run goes on.
          }
        };
        const consume = async (): Promise<void> => {
          for (const { order_id, attempt } of sent.splice(0)) {
            const index = orders.findIndex((order) => order.order_id === order_id);
            if (attempt >= (firstGood[index] ?? 9)) {
              await tables.settleFulfilled({ orderId: order_id, attempt }, now());
            }
          }
        };

        // Act: sweeps in trouble, two at a time, then as many as it takes without.
        for (const [one, other, othersWait] of rounds) {
          isBusy = othersWait;
          clock += 1_000 * STUCK_AFTER_SECONDS;
          await scheduler.waitFor(Promise.all([sweep(one), sweep(other)]));
          await consume();
        }
        isBusy = false;
        for (let run = 0; run < MAX_REQUEUES + 2; run += 1) {
          clock += 1_000 * STUCK_AFTER_SECONDS;
          await scheduler.waitFor(sweep([]));
          await consume();
        }

        // Assess
        expect(violationsAtRest(tables)).toEqual([]);
        expect(ahead).toEqual([]);
        expect(tooEarly).toEqual([]);
        const busyRounds = rounds.filter(([, , othersWait]) => othersWait).length;
        for (const { attempts } of tables.orders.values()) {
          expect(attempts).toBeLessThanOrEqual(1 + MAX_REQUEUES + busyRounds);
        }
      }),
      { numRuns: 150 },
    );
  });
});
