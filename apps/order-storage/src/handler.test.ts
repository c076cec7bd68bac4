import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { MalformedInputError } from '@dofs/orders/parse-workflow';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';

const NOW = '2026-03-01T10:00:05.000Z';
const STORE = {
  operation: 'store',
  order_id: '00000000-0000-4000-8000-000000000001',
  correlation_id: 'correlation-1',
  order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 2 }] },
  execution_arn: 'arn:execution:1',
  created_at: '2026-03-01T10:00:00.000Z',
};
const FAIL = { ...STORE, operation: 'fail', failure_source: 'validation', failure_reason: 'too short' };
const STORED = {
  order_id: STORE.order_id,
  customer_id: 'customer',
  items: [{ product_id: 'product', quantity: 2 }],
  total_quantity: 2,
  status: 'PROCESSING',
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  attempts: 1,
  execution_arn: 'arn:execution:1',
  correlation_id: 'correlation-1',
};

function world() {
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => NOW);
  return { tables, basics, handler: createHandler({ ...basics, tables }) };
}

describe('order-storage', () => {
  it('stores an order, and says so again to whoever asks again', async () => {
    // Prepare
    const { tables, basics, handler } = world();

    // Act
    const results = [await handler(STORE), await handler(STORE)];

    // Assess
    expect(results).toEqual([{ outcome: 'stored' }, { outcome: 'stored' }]);
    expect(tables.orders.get(STORE.order_id)).toEqual(STORED);
    expect(basics.lines[0]).toMatchObject({ order_id: STORE.order_id, correlation_id: 'correlation-1' });
  });

  it('tells an order that is settled already, and one that is another', async () => {
    // Prepare
    const { tables, handler } = world();
    await handler(STORE);
    await tables.settleFulfilled({ orderId: STORE.order_id, attempt: 1 }, NOW);

    // Act
    const twin = await handler({ ...STORE, execution_arn: 'arn:execution:2' });
    const other = await handler({ ...STORE, order: { ...STORE.order, customer_id: 'another' } });

    // Assess
    expect(twin).toEqual({ outcome: 'settled' });
    expect(other).toEqual({ outcome: 'conflict' });
  });

  it.each(['stored before', 'not stored before'])(
    'records the failure of an order %s in both tables',
    async (when) => {
      // Prepare
      const { tables, basics, handler } = world();
      if (when === 'stored before') {
        await handler(STORE);
      }

      // Act
      const result = await handler(FAIL);

      // Assess
      const failed = {
        ...STORED,
        status: 'FAILED',
        updated_at: NOW,
        failed_at: NOW,
        failure_source: 'validation',
        failure_reason: 'too short',
      };
      expect(result).toEqual({ outcome: 'failed' });
      expect(tables.orders.get(STORE.order_id)).toEqual(failed);
      expect(tables.failedOrders.get(STORE.order_id)).toMatchObject({
        failure_source: 'validation',
        failure_reason: 'too short',
        original_message: JSON.stringify({
          order_id: STORE.order_id,
          correlation_id: 'correlation-1',
          order: STORE.order,
        }),
        order: failed,
      });
      expect(basics.lines.at(-1)).toMatchObject({ OrdersFailed: 1 });
    },
  );

  it('counts a failure once, however often it is recorded', async () => {
    // Prepare
    const { basics, handler } = world();

    // Act
    const results = [await handler(FAIL), await handler(FAIL)];

    // Assess
    expect(results).toEqual([{ outcome: 'failed' }, { outcome: 'failed' }]);
    expect(basics.lines.filter((line) => 'OrdersFailed' in line)).toHaveLength(1);
  });

  it('leaves an order alone whose message got through after all', async () => {
    // Prepare
    const { tables, handler } = world();
    await handler(STORE);
    await tables.settleFulfilled({ orderId: STORE.order_id, attempt: 1 }, NOW);

    // Act
    const result = await handler({ ...FAIL, failure_source: 'queue' });

    // Assess
    expect(result).toEqual({ outcome: 'settled' });
    expect(tables.orders.get(STORE.order_id)?.status).toBe('FULFILLED');
    expect(tables.failedOrders.size).toBe(0);
  });

  it.each(['queue', 'validation'] as const)(
    'leaves an order alone that another execution has under way, whatever failed (%s)',
    async (failure_source) => {
      // Prepare: EXPRESS, a repeated key
      const { tables, basics, handler } = world();
      await handler(STORE);

      // Act
      const result = await handler({ ...FAIL, failure_source, execution_arn: 'arn:execution:2' });

      // Assess
      expect(result).toEqual({ outcome: 'settled' });
      expect(tables.orders.get(STORE.order_id)).toEqual(STORED);
      expect(tables.failedOrders.size).toBe(0);
      expect(JSON.stringify(basics.lines)).not.toContain('"OrdersFailed":1');
    },
  );

  it('keeps a long reason short', async () => {
    // Prepare
    const { tables, handler } = world();

    // Act
    await handler({ ...FAIL, failure_reason: 'x'.repeat(50_000) });

    // Assess
    expect(tables.orders.get(STORE.order_id)?.failure_reason).toHaveLength(1_000);
  });

  it.each([
    ['nothing', undefined],
    ['an unknown operation', { ...STORE, operation: 'drop' }],
    ['a failure without source', { ...FAIL, failure_source: undefined }],
    ['a time that is none', { ...STORE, created_at: 'yesterday' }],
  ])('throws at %s', async (_what, event) => {
    // Prepare
    const { tables, handler } = world();

    // Act
    const result = handler(event);

    // Assess
    await expect(result).rejects.toBeInstanceOf(MalformedInputError);
    expect(tables.orders.size).toBe(0);
  });
});
