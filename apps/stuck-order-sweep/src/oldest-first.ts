import type { OrderListing } from '@dofs/order-tables/order-tables';
import type { SweepTables } from './ports.ts';

/** Whole orders are read of a page, and an order may have some 30 KB: at 128 MB a function holds a few MB of them. */
const PAGE_SIZE = 100;

/**
 * Every PROCESSING order created until a time, page by page, the oldest first. An order that nothing can be done about
 * doesn't hide those after it.
 */
export async function* processingOldestFirst(
  tables: Pick<SweepTables, 'listOrdersByStatus'>,
  to: string,
): AsyncGenerator<readonly OrderListing[]> {
  let from: { readonly from?: string } = {};
  let limit = PAGE_SIZE;
  let seen = new Set<string>();
  for (;;) {
    const page = await tables.listOrdersByStatus('PROCESSING', { ...from, to, limit, newestFirst: false });
    const unseen = page.filter(({ order_id }) => !seen.has(order_id));
    yield unseen;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) {
      return;
    }
    // Others of the same millisecond may follow: where they fill a page, the next one has to be longer.
    const ids = page.map(({ order_id }) => order_id);
    const isOneMillisecond = last.created_at === from.from;
    limit = isOneMillisecond ? 2 * limit : PAGE_SIZE;
    seen = new Set(isOneMillisecond ? [...seen, ...ids] : ids);
    from = { from: last.created_at };
  }
}
