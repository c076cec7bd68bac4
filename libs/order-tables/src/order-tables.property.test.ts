import { failedOrderOf } from '@dofs/orders/failed-order';
import type { Order } from '@dofs/orders/order';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoOrderTables } from './dynamo-order-tables.ts';
import type { OrderTables } from './order-tables.ts';
import { startDynaliteTables, type DynaliteTables } from './testing/dynalite-tables.ts';
import { inMemoryOrderTables } from './testing/in-memory-order-tables.ts';

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynaliteTables();
});
afterAll(async () => {
  await dynalite.stop();
});

type Step = (tables: OrderTables, prefix: string) => Promise<unknown>;

function order(orderId: string, attempts: number, arn: string): Order {
  return {
    order_id: orderId,
    customer_id: 'customer-1',
    items: [{ product_id: 'product-1', quantity: 1 }],
    total_quantity: 1,
    status: 'PROCESSING',
    created_at: '2026-03-01T00:00:00.000Z',
    updated_at: '2026-03-01T00:00:00.000Z',
    attempts,
    execution_arn: arn,
    correlation_id: 'correlation',
  };
}

const attempts = fc.integer({ min: 1, max: 3 });
const ids = fc.constantFrom('a', 'b');
const times = fc.constantFrom('2026-03-01T00:00:01.000Z', '2026-03-02T00:00:02.000Z');
const arns = fc.constantFrom('arn:one', 'arn:two');
const failures = fc.record({
  at: times,
  source: fc.constantFrom('validation' as const, 'queue' as const),
  reason: fc.constantFrom('this', 'that'),
});
const redrives = fc.record({ at: times, by: fc.constantFrom('ann', 'sweep') });

/** One call of the tables on one of two orders. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(ids, arns).map(
    ([id, arn]): Step =>
      (tables, prefix) =>
        tables.createOrder(order(prefix + id, 1, arn)),
  ),
  fc.tuple(ids, attempts, times).map(
    ([id, attempt, at]): Step =>
      (tables, prefix) =>
        tables.settleFulfilled({ orderId: prefix + id, attempt }, at),
  ),
  fc.tuple(ids, attempts, failures).map(
    ([id, attempt, failure]): Step =>
      (tables, prefix) =>
        tables.settleFailed({ orderId: prefix + id, attempt }, failure),
  ),
  fc.tuple(ids, attempts, arns, failures).map(
    ([id, attempt, arn, failure]): Step =>
      (tables, prefix) =>
        tables.upsertFailed(order(prefix + id, attempt, arn), failure),
  ),
  fc.tuple(ids, attempts, redrives).map(
    ([id, attempt, redrive]): Step =>
      (tables, prefix) =>
        tables.reopenOrder({ order_id: prefix + id, attempts: attempt }, redrive),
  ),
  fc.tuple(ids, attempts, redrives).map(
    ([id, attempt, redrive]): Step =>
      (tables, prefix) =>
        tables.requeueOrder({ orderId: prefix + id, attempt }, redrive),
  ),
  fc.tuple(ids, attempts, failures).map(
    ([id, attempt, { at, source, reason }]): Step =>
      (tables, prefix) =>
        tables.putFailedOrder(
          failedOrderOf(
            {
              ...order(prefix + id, attempt, 'arn:one'),
              failed_at: at,
              failure_source: source,
              failure_reason: reason,
            },
            'message',
          ),
        ),
  ),
  fc.tuple(ids, attempts).map(
    ([id, attempt]): Step =>
      (tables, prefix) =>
        tables.deleteFailedOrder({ orderId: prefix + id, attempt }),
  ),
);

describe('the model of the tables', () => {
  it('answers any history as DynamoDB does, and ends in the same state', async () => {
    // Prepare
    const inDynamo = dynamoOrderTables(dynalite.client, dynalite.names);
    let run = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 15 }), async (history) => {
        // Act
        run += 1;
        const prefix = `${run}-`;
        const model = inMemoryOrderTables();
        for (const step of history) {
          // Assess
          expect(await step(model, prefix)).toEqual(await step(inDynamo, prefix));
        }
        for (const id of ['a', 'b']) {
          expect(await inDynamo.getOrder(prefix + id)).toEqual(model.orders.get(prefix + id));
          expect(await inDynamo.getFailedOrder(prefix + id)).toEqual(model.failedOrders.get(prefix + id));
        }
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});

describe('the life cycle', () => {
  it('leaves FULFILLED never, FAILED only by a redrive, and counts attempts up only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (history) => {
        // Prepare
        const tables = inMemoryOrderTables();
        for (const step of history) {
          const before = new Map(tables.orders);

          // Act
          await step(tables, '');

          // Assess
          for (const [id, after] of tables.orders) {
            const earlier = before.get(id);
            expect(earlier === undefined || isAllowed(earlier, after)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

function isAllowed(before: Order, after: Order): boolean {
  if (before === after) {
    return true;
  }
  if (before.status === 'FULFILLED') {
    return false;
  }
  return after.status === 'PROCESSING'
    ? after.attempts === before.attempts + 1 && after.redrives?.length === (before.redrives ?? []).length + 1
    : before.status === 'PROCESSING' && after.attempts === before.attempts;
}
