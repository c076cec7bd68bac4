import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { failedOrderOf } from '@dofs/orders/failed-order';
import { describe, expect, it } from 'vitest';
import { FAILURE, JUST_NOW, LONG_AGO, NOW, order, sweepWorld } from './testing/sweep-world.ts';

const MS_PER_HOUR = 3_600_000;

describe('rows of failed orders', () => {
  it('writes the missing row of a failed order, and removes that of a fulfilled one', async () => {
    // Prepare
    const { tables, handler } = sweepWorld();
    const [failed, redriven] = [order(1, LONG_AGO), order(2, LONG_AGO)];
    const first = { orderId: redriven.order_id, attempt: 1 };
    await tables.upsertFailed(failed, FAILURE);
    await tables.upsertFailed(redriven, FAILURE);
    await tables.reopenOrder({ order_id: redriven.order_id, attempts: 1 }, { at: LONG_AGO, by: 'ann' });
    await tables.settleFulfilled({ ...first, attempt: 2 }, LONG_AGO);
    await tables.putFailedOrder({
      order_id: redriven.order_id,
      failed_at: LONG_AGO,
      failure_source: 'fulfillment',
      failure_reason: 'out of stock',
      original_message: '{}',
      attempts: 1,
    });

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ rowsCompleted: 1, rowsRemoved: 1 });
    expect(tables.failedOrders.get(failed.order_id)).toMatchObject({ failed_at: LONG_AGO, attempts: 1 });
    expect(tables.failedOrders.has(redriven.order_id)).toBe(false);
  });

  it.each([5, 100, 300])('are written too where the order was created %d hours ago', async (age) => {
    // Prepare
    const { clock, tables, handler } = sweepWorld();
    const created = new Date(Date.parse(NOW) - age * MS_PER_HOUR).toISOString();
    await tables.upsertFailed(order(1, created), FAILURE);

    // Act: once an hour
    let rowsCompleted = 0;
    for (let hours = 0; hours < 14; hours += 1) {
      clock.now = new Date(Date.parse(NOW) + hours * MS_PER_HOUR).toISOString();
      rowsCompleted += (await handler()).rowsCompleted;
    }

    // Assess
    expect(rowsCompleted).toBe(1);
    expect(tables.failedOrders.get(order(1, created).order_id)).toMatchObject({ attempts: 1 });
  });

  it('are written and removed among more failures than are compared at once', async () => {
    // Prepare: one in ten lacks its row, and one in ten was fulfilled since
    const { tables, handler } = sweepWorld();
    for (let index = 0; index < 6_000; index += 1) {
      const failed = order(index, new Date(Date.parse(LONG_AGO) + index * 100).toISOString());
      const at = new Date(Date.parse(failed.created_at) + 1_000).toISOString();
      const { order: stored } = await tables.upsertFailed(failed, { ...FAILURE, at });
      if (index % 10 !== 0 && stored !== undefined) {
        await tables.putFailedOrder(failedOrderOf(stored, '{}'));
      }
      if (index % 10 === 1) {
        await tables.reopenOrder({ order_id: failed.order_id, attempts: 1 }, { at, by: 'ann' });
        await tables.settleFulfilled({ orderId: failed.order_id, attempt: 2 }, at);
      }
    }

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ rowsCompleted: 600, rowsRemoved: 600 });
    expect(violationsAtRest(tables)).toEqual([]);
  });

  it('are not written while the failure may still be in the making', async () => {
    // Prepare
    const { tables, handler } = sweepWorld();
    await tables.upsertFailed(order(1, LONG_AGO), { ...FAILURE, at: JUST_NOW });

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ rowsCompleted: 0 });
  });
});
