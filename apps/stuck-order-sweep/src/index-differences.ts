import type { FailedOrderListing, OrderListing } from '@dofs/order-tables/order-tables';
import type { Span } from './older-day.ts';
import type { SweepRun } from './ports.ts';

/**
 * Entries in a list, at the most: it is merged from as many of each of the ten shards of an index, all of which have
 * to fit the memory of 128 MB beside Node.
 */
const MAX_ENTRIES = 1_000;
/** How full the next list is to be, going by the latest: of what comes unevenly, twice as much still fits. */
const WANTED_ENTRIES = MAX_ENTRIES / 2;
const FIRST_SLICE_MS = 60_000;
/**
 * How long after its creation an order usually has failed, at the most: a row is found to be without its FAILED order
 * only once the orders of so long before it have been seen. Longer than that, and it costs reads of the single order.
 */
const MARGIN_MS = 60_000;

/** Where the indexes of the two tables differ. They lag, and an order may fail late: it takes a look at the tables. */
export interface Differences {
  /** All from here on has been compared. ISO 8601. */
  readonly from: string;
  /** FAILED orders without a row. */
  readonly unrecorded: readonly OrderListing[];
  /** Rows without a FAILED order. */
  readonly surplus: readonly { readonly order_id: string }[];
}

/**
 * Compares FAILED orders (by creation) with rows (by failure), slice by slice from the newest to the oldest. An order
 * fails after it was created, so its row is in the same slice or was in one before: the rows wait for their orders to
 * come by. Where a list is cut off, the slice ends where the list is known to be complete, and the next begins there;
 * only a millisecond that fills a list by itself is left out, with a warning.
 * @throws OutOfTimeError before a slice for which there is no time
 */
export async function* differencesNewestFirst(run: SweepRun, span: Span): AsyncGenerator<Differences> {
  const oldest = Date.parse(span.from);
  /** Times of failure of rows whose orders haven't come by, by order. */
  const waiting = new Map<string, string>();
  let lengthMs = FIRST_SLICE_MS;
  // Orders at the end of the span failed after it.
  let to = Math.min(Date.parse(span.to) + MARGIN_MS, Date.parse(run.now()));
  while (to >= oldest) {
    run.checkTime();
    const { from, orders, rows, entries } = await listed(run, Math.max(oldest, to - lengthMs + 1), to);
    if (from > to) {
      run.log.warn('more orders failed within a millisecond than can be compared', { at: timeOf(to) });
      to -= 1;
      continue;
    }
    const unrecorded = withoutRow(orders, rows, waiting).filter(({ created_at }) => created_at <= span.to);
    lengthMs = to - from + 1;
    const surplus = takeFrom(waiting, timeOf(from + Math.max(MARGIN_MS, lengthMs)));
    yield { from: timeOf(from), unrecorded, surplus };
    lengthMs = Math.ceil((lengthMs * WANTED_ENTRIES) / Math.max(1, entries));
    to = from - 1;
  }
  yield { from: span.from, unrecorded: [], surplus: takeFrom(waiting, span.from) };
}

interface Lists {
  /** From here on both lists are complete: the beginning of the slice, or later. Epoch milliseconds. */
  readonly from: number;
  readonly orders: readonly OrderListing[];
  readonly rows: readonly FailedOrderListing[];
  /** In the longer list, before the other was cut to the same length of time. */
  readonly entries: number;
}

async function listed({ tables }: SweepRun, from: number, to: number): Promise<Lists> {
  const range = { from: timeOf(from), to: timeOf(to), limit: MAX_ENTRIES, newestFirst: true };
  const [orders, rows] = await Promise.all([
    tables.listOrdersByStatus('FAILED', range),
    tables.listFailedOrders(range),
  ]);
  // Of the last one's millisecond there may be more.
  const ends = [orders[MAX_ENTRIES - 1]?.created_at, rows[MAX_ENTRIES - 1]?.failed_at];
  const complete = Math.max(
    from,
    ...ends.filter((end) => end !== undefined).map((end) => Date.parse(end) + 1),
  );
  return {
    from: complete,
    orders: orders.filter(({ created_at }) => created_at >= timeOf(complete)),
    rows: rows.filter(({ failed_at }) => failed_at >= timeOf(complete)),
    entries: Math.max(orders.length, rows.length),
  };
}

/** The orders of a slice that have no row. The rows of the slice join those that wait, and those with an order leave. */
function withoutRow(
  orders: readonly OrderListing[],
  rows: readonly FailedOrderListing[],
  waiting: Map<string, string>,
): OrderListing[] {
  for (const { order_id, failed_at } of rows) {
    waiting.set(order_id, failed_at);
  }
  return orders.filter(({ order_id }) => !waiting.delete(order_id));
}

/** Removes, and returns, those that failed at a time or later. */
function takeFrom(waiting: Map<string, string>, time: string): { readonly order_id: string }[] {
  const taken = [...waiting].filter(([, failedAt]) => failedAt >= time).map(([order_id]) => ({ order_id }));
  for (const { order_id } of taken) {
    waiting.delete(order_id);
  }
  return taken;
}

function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
