import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { troubled, troublesOf, type Trouble } from '@dofs/order-tables/testing/troubled';
import { isSameOrder } from '@dofs/orders/same-order';
import type { StorageResult } from '@dofs/orders/workflow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';

const NOW = '2026-03-01T10:00:00.000Z';
const ORDER_ID = '00000000-0000-4000-8000-000000000001';

/** An execution for the one order id there is: what it asks for, how it goes on, and its calls' troubles. */
const executions = fc.record({
  quantity: fc.constantFrom(1, 2),
  /** `none`: its SendToQueue works, and the order is fulfilled. */
  failure: fc.constantFrom('none', 'validation', 'queue'),
  troubles: fc.array(fc.constantFrom<Trouble>('none', 'before', 'after'), { maxLength: 8 }),
});

describe('order-storage, whatever happens', () => {
  it('stores an id once, ends it in one state, and never fails the order of another execution', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(executions, { minLength: 1, maxLength: 4 }),
        async (scheduler, all) => {
          // Prepare
          const tables = inMemoryOrderTables();
          const run = async ({ quantity, failure, troubles }: (typeof all)[number], index: number) => {
            const handler = createHandler({
              ...testBasics(() => NOW),
              tables: troubled(tables, {
                pause: () => scheduler.schedule(Promise.resolve()),
                next: troublesOf(troubles),
              }),
            });
            const request = {
              order_id: ORDER_ID,
              correlation_id: `correlation-${index}`,
              order: { customer_id: 'customer', items: [{ product_id: 'product', quantity }] },
              execution_arn: `arn:execution:${index}`,
              created_at: NOW,
            };
            // The workflow tries again until it gets an answer.
            const ask = async (event: object): Promise<StorageResult> => {
              for (;;) {
                try {
                  return await handler({ ...request, ...event });
                } catch {
                  continue;
                }
              }
            };
            const fail = () =>
              ask({ operation: 'fail', failure_source: failure, failure_reason: `because of ${failure}` });

            // Act
            if (failure === 'validation') {
              return { request, results: [await fail()] };
            }
            const stored = await ask({ operation: 'store' });
            if (stored.outcome !== 'stored') {
              return { request, results: [stored] };
            }
            if (failure === 'queue') {
              return { request, results: [stored, await fail()] };
            }
            await tables.settleFulfilled({ orderId: ORDER_ID, attempt: 1 }, NOW);
            return { request, results: [stored] };
          };
          const outcomes = await scheduler.waitFor(Promise.all(all.map(run)));

          // Assess
          const order = tables.orders.get(ORDER_ID);
          expect(tables.orders.size).toBe(1);
          expect(violationsAtRest(tables)).toEqual([]);
          const owner = all.find((_one, index) => `arn:execution:${index}` === order?.execution_arn);
          if (owner?.failure === 'none') {
            expect(order?.status).toBe('FULFILLED');
          }
          for (const { request, results } of outcomes) {
            const isTheirs = order !== undefined && isSameOrder(order, request.order);
            const isConflict = results.some(({ outcome }) => outcome === 'conflict');
            expect(isConflict).toBe(!isTheirs);
            if (results.some(({ outcome }) => outcome === 'failed')) {
              expect(order?.status).toBe('FAILED');
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
