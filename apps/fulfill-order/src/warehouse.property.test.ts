import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { completeFailure } from '@dofs/order-tables/complete-failure';
import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { inMemoryOrderTables, type InMemoryTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { troubled, troublesOf, type Trouble } from '@dofs/order-tables/testing/troubled';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRESH_FOR_SECONDS } from './fulfill.ts';
import type { Fulfillment } from './fulfillment.ts';
import { createHandler } from './handler.ts';

const NOW = '2026-03-01T10:00:00.000Z';
const ORDER = newOrder({
  order_id: '00000000-0000-4000-8000-000000000001',
  correlation_id: 'correlation-1',
  order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] },
  execution_arn: 'arn:execution:1',
  created_at: NOW,
});
const LATE = new Date(Date.parse(NOW) + FRESH_FOR_SECONDS * 1_000).toISOString();

type Lateness = 'none' | 'redelivered' | 'waited';

/** `fail`: as RecordFailure does where the message was sent and no answer came. */
const OTHERS = ['requeue', 'dead-letter', 'fail', 'redrive'] as const;

/** What happens to an order at the same time, in any order: its consumers, the sweep, the workflow, the DLQ, an operator. */
const steps = fc.oneof(
  fc.record({
    what: fc.constant('deliver' as const),
    /** Which of the messages that were ever sent. */
    message: fc.nat(),
    /** Not fresh any more, in one way or the other. */
    lateness: fc.constantFrom<Lateness>('none', 'redelivered', 'waited'),
    troubles: fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 4 }),
  }),
  fc.record({ what: fc.constantFrom(...OTHERS) }),
);

/** Answers by lot and remembers what it was asked: the same key gets the same answer. */
function rememberingWarehouse(answers: readonly boolean[], pause: () => Promise<void>) {
  const answered = new Map<string, boolean>();
  const fulfillment: Fulfillment = {
    async fulfil({ idempotencyKey }) {
      await pause();
      const fulfilled = answered.get(idempotencyKey) ?? answers[answered.size % answers.length] ?? true;
      answered.set(idempotencyKey, fulfilled);
      await pause();
      return fulfilled ? { fulfilled } : { fulfilled, reason: 'out of stock' };
    },
  };
  return { answered, fulfillment };
}

/** The others who change an order, each as its own code does. */
function others(tables: InMemoryTables, sent: string[]) {
  const current = async (): Promise<Order> => (await tables.getOrder(ORDER.order_id)) ?? ORDER;
  const send = (order: Order) => sent.push(JSON.stringify(messageOf(order)));
  const fail = async (source: 'sqs-dlq' | 'queue') => {
    const order = await current();
    const attempt = { orderId: order.order_id, attempt: order.attempts };
    const transition = await tables.settleFailed(attempt, { at: NOW, source, reason: 'why' });
    if (transition.done) {
      await completeFailure(tables, transition, attempt, '{}');
    }
  };
  return {
    requeue: async () => {
      const { attempts } = await current();
      const attempt = { orderId: ORDER.order_id, attempt: attempts };
      const transition = await tables.requeueOrder(attempt, { at: NOW, by: 'sweep' });
      if (transition.done) {
        send(transition.order);
      }
    },
    'dead-letter': () => fail('sqs-dlq'),
    fail: () => fail('queue'),
    redrive: async () => {
      const failed = await current();
      const transition = await tables.reopenOrder(failed, { at: NOW, by: 'ann' });
      if (transition.done) {
        send(transition.order);
        await tables.deleteFailedOrder({ orderId: ORDER.order_id, attempt: failed.attempts });
      }
    },
  };
}

describe('a warehouse', () => {
  it('fulfils an order once, whatever consumers, sweep, workflow, dead letters and operators do at the same time, and is not asked by late messages of attempts that are over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.array(steps, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
        async (scheduler, rounds, answers) => {
          // Prepare
          const pause = () => scheduler.schedule(Promise.resolve());
          const tables = inMemoryOrderTables();
          await tables.createOrder(ORDER);
          const sent = [JSON.stringify(messageOf(ORDER))];
          const { answered, fulfillment } = rememberingWarehouse(answers, pause);
          let askedInVain = 0;
          const deliver = async (body: string, lateness: Lateness, troubles: readonly Trouble[]) => {
            const { attempt } = JSON.parse(body) as QueueMessage;
            const before = tables.orders.get(ORDER.order_id);
            const isOver = before?.attempts !== attempt || before.status !== 'PROCESSING';
            const handler = createHandler({
              ...testBasics(() => (lateness === 'waited' ? LATE : NOW)),
              tables: troubled(tables, { pause, next: troublesOf(troubles) }),
              fulfillment: {
                fulfil: (request) => {
                  askedInVain += Number(isOver && lateness !== 'none');
                  return fulfillment.fulfil(request);
                },
              },
            });
            const count = lateness === 'redelivered' ? 2 : 1;
            return handler({ Records: [sqsRecord('m', body, count)] }, UNHURRIED);
          };
          const actors = others(troubled(tables, { pause, next: () => 'none' }), sent);

          // Act
          for (const round of rounds) {
            await scheduler.waitFor(
              Promise.all(
                round.map(async (step) => {
                  await (step.what === 'deliver'
                    ? deliver(sent[step.message % sent.length] ?? '', step.lateness, step.troubles)
                    : actors[step.what]());
                }),
              ),
            );
          }
          // SQS delivers again whatever may not have been acknowledged.
          for (const body of sent) {
            await scheduler.waitFor(deliver(body, 'redelivered', []));
          }

          // Assess
          expect(askedInVain).toBe(0);
          expect([...answered.values()].filter(Boolean).length).toBeLessThanOrEqual(1);
          expect(violationsAtRest(tables)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
