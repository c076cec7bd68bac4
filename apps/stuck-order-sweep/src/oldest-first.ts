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
  let range: { readonly from?: string; readonly to: string } = { to };
  let seen = new Set<string>();
  for (;;) {
    const page = await tables.listOrdersByStatus('PROCESSING', {
      ...range,
      limit: PAGE_SIZE,
      newestFirst: false,
    });
    const unseen = page.filter(({ order_id }) => !seen.has(order_id));
    yield unseen;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_SIZE) {
      return;
    }
    // Others of the same millisecond may follow; where a page brought nothing else, the next millisecond is due.
    range = { from: unseen.length === 0 ? nextMillisecond(last.created_at) : last.created_at, to };
    seen = new Set(page.map(({ order_id }) => order_id));
  }
}

function nextMillisecond(time: string): string {
  return new Date(Date.parse(time) + 1).toISOString();
}
