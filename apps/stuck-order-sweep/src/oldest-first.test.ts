import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { expect, it } from 'vitest';
import { processingOldestFirst } from './oldest-first.ts';
import { LONG_AGO, NOW, order } from './testing/sweep-world.ts';

/** The time so many milliseconds later. */
const later = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();

it.each([
  { crowd: 250, before: 0, name: 'many of one millisecond' },
  { crowd: 250, before: 30, name: 'many of one millisecond after others' },
  { crowd: 1_000, before: 0, name: 'very many of one millisecond' },
])('gives each order once, and short pages again after $name', async ({ crowd, before }) => {
  // Prepare
  const tables = inMemoryOrderTables();
  for (let index = 0; index < before + crowd + 1_500; index += 1) {
    const ms = Math.min(index, before) + Math.max(0, index - before - crowd + 1);
    await tables.createOrder(order(index, later(LONG_AGO, ms)));
  }
  const limits: number[] = [];
  const listing: Pick<typeof tables, 'listOrdersByStatus'> = {
    listOrdersByStatus: (status, range) => {
      limits.push(range.limit);
      return tables.listOrdersByStatus(status, range);
    },
  };

  // Act
  const seen: string[] = [];
  for await (const page of processingOldestFirst(listing, NOW)) {
    expect(limits.length).toBeLessThan(50);
    seen.push(...page.map(({ order_id }) => order_id));
  }

  // Assess
  expect(seen).toEqual([...tables.orders.keys()]);
  expect(limits.slice(-3)).toEqual([100, 100, 100]);
});
