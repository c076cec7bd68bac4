import { violationsAtRest } from '@dofs/order-tables/testing/audit';
import { failedOrderOf } from '@dofs/orders/failed-order';
import { describe, expect, it } from 'vitest';
import type { Order } from '@dofs/orders/order';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import { FAILURE, JUST_NOW, LONG_AGO, NOW, order, sweepWorld } from './testing/sweep-world.ts';

const MS_PER_HOUR = 3_600_000;
/** The time so many milliseconds later. */
const later = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();

async function failWithRow(
  tables: OrderTables,
  failed: Order,
  { at, lacksRow = false }: { readonly at: string; readonly lacksRow?: boolean },
): Promise<void> {
  const { order: stored } = await tables.upsertFailed(failed, { ...FAILURE, at });
  if (!lacksRow && stored !== undefined) {
    await tables.putFailedOrder(failedOrderOf(stored, '{}'));
  }
}

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

  it('are written and removed among more failures than fit a list, with few reads', async () => {
    // Prepare: ten a second, of which one in ten lacks its row, and one in ten was fulfilled since
    const { tables, rowReads, listings, handler } = sweepWorld();
    for (let index = 0; index < 6_000; index += 1) {
      const failed = order(index, later(LONG_AGO, index * 100));
      const at = later(failed.created_at, 5_000);
      await failWithRow(tables, failed, { at, lacksRow: index % 10 === 0 });
      if (index % 10 === 1) {
        await tables.reopenOrder({ order_id: failed.order_id, attempts: 1 }, { at, by: 'ann' });
        await tables.settleFulfilled({ orderId: failed.order_id, attempt: 2 }, at);
      }
    }

    // Act
    const report = await handler();

    // Assess: no row is read that isn't missing, and few entries of the index more than once
    expect(report).toMatchObject({ rowsCompleted: 600, rowsRemoved: 600 });
    expect(violationsAtRest(tables)).toEqual([]);
    expect(rowReads).toHaveLength(600);
    expect(Math.max(...listings.map(({ limit }) => limit))).toBeLessThanOrEqual(1_000);
    expect(listings.reduce((sum, { entries }) => sum + entries, 0)).toBeLessThan(1.75 * 6_000);
  });

  it.each([
    { name: 'a second', inMs: 1_000, warnings: 0 },
    // Orders by creation, and rows by failure.
    { name: 'a millisecond', inMs: 1, warnings: 2 },
  ])('are never compared by lists that were cut off within $name', async ({ inMs, warnings }) => {
    // Prepare: before and after them one lacks its row
    const { tables, basics, rowReads, handler } = sweepWorld();
    for (let index = 10; index < 1_510; index += 1) {
      const at = later(LONG_AGO, 5_000 + (index % inMs));
      await failWithRow(tables, order(index, later(LONG_AGO, index % inMs)), { at });
    }
    const gaps = [order(1, later(LONG_AGO, -2_000)), order(2, later(LONG_AGO, 7_000))];
    for (const gap of gaps) {
      await failWithRow(tables, gap, { at: gap.created_at, lacksRow: true });
    }

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ rowsCompleted: 2, rowsRemoved: 0 });
    expect(rowReads.sort()).toEqual(gaps.map(({ order_id }) => order_id));
    const warned = basics.lines.filter(({ message }) => /within a millisecond/.test(String(message)));
    expect(warned).toHaveLength(warnings);
  });

  it('are written newest first where there is no time for all, which is no error', async () => {
    // Prepare: five lists of the latest and five of an older day; one in three seconds fails
    const { tables, basics, handler } = sweepWorld({ listingMs: 5_000 });
    for (let index = 10; index < 4_000; index += 1) {
      const failed = order(index, later(NOW, -180_000 - 300 * index));
      await failWithRow(tables, failed, { at: later(failed.created_at, 5_000) });
    }
    const [newest, oldest] = [order(1, later(NOW, -190_000)), order(2, later(NOW, -8_000_000))];
    for (const gap of [newest, oldest]) {
      await failWithRow(tables, gap, { at: gap.created_at, lacksRow: true });
    }

    // Act
    const report = await handler();

    // Assess
    expect(report).toMatchObject({ rowsCompleted: 1 });
    expect(tables.failedOrders.has(newest.order_id)).toBe(true);
    const warned = basics.lines.filter(({ message }) => /^no time/.test(String(message)));
    expect(warned).toHaveLength(2);
    expect(warned[0]).toMatchObject({ level: 'WARN', not_compared: [{ from: '2026-03-01T08:15:00.000Z' }] });
  });

  it('of an older day are looked at from another time of it by each run', async () => {
    // Prepare
    const { clock, listings, handler } = sweepWorld();
    const begins: number[] = [];

    // Act: every five minutes of two hours that look at the same day
    for (const hour of [0, 13]) {
      for (let minutes = 30; minutes < 60; minutes += 5) {
        clock.now = later('2026-03-01T10:00:00.000Z', hour * MS_PER_HOUR + minutes * 60_000);
        listings.length = 0;
        await handler();
        const first = listings.find(({ to = NOW }) => to < later(clock.now, -2 * MS_PER_HOUR));
        begins.push((Date.parse(clock.now) - Date.parse(first?.to ?? '')) / MS_PER_HOUR);
      }
    }

    // Assess
    const sorted = begins.toSorted((one, other) => one - other);
    const steps = sorted.slice(1).map((begin, index) => begin - (sorted[index] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0.1);
    expect(Math.max(...steps)).toBeLessThan(6);
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
