import { failedOrderOf } from '@dofs/orders/failed-order';
import { messageOf } from '@dofs/orders/message-of-order';
import type { OrderState } from '@dofs/order-tables/order-tables';
import { each, groupsOf, onBehalfOf } from './each.ts';
import { olderDay, type Span } from './older-day.ts';
import { secondsBefore, type SweepRun } from './ports.ts';
import { OutOfTimeError } from './sweep-errors.ts';

/** How far back every run looks, in seconds, beyond the age at which the sweep itself fails orders. */
const RECENT_SECONDS = 3_600;
/** A failure or its reversal may still be in the making for so long, in seconds: longer than any function runs. */
const IN_THE_MAKING_SECONDS = 60;
/** Entries of an index that are compared at once, at the most: ten shards of so many fit the memory of 128 MB. */
const MAX_ENTRIES = 4_000;
/** A span isn't halved below twice this, in seconds. */
const SHORTEST_SPAN_SECONDS = 60;
/** States read at once: what one BatchGetItem takes. */
const STATES_AT_ONCE = 100;
const MS_PER_HOUR = 3_600_000;

/**
 * Makes `failed_orders` agree with `orders` where a crash left them apart and no redelivery came: writes the row
 * that a FAILED order lacks, and removes the row of an order that was fulfilled in a later attempt. It compares
 * the two indexes, which is cheap, and reads only the orders in which they differ. A second net: whoever fails or
 * fulfils an order sees to its row itself, or has its message delivered again.
 *
 * Each run looks at the latest hours and at one older day. At many failures a second there may be no time for all of
 * that day: then the runs of an hour begin at different times of it.
 */
export async function repairFailedRows(run: SweepRun): Promise<void> {
  const now = run.now();
  const { stuckAfterSeconds, maxRequeues } = run.settings;
  const recentFrom = secondsBefore(now, RECENT_SECONDS + stuckAfterSeconds * (maxRequeues + 2));
  await compare(run, { from: recentFrom, to: now });
  const day = olderDay(now, recentFrom);
  const shareOfHour = (Date.parse(now) % MS_PER_HOUR) / MS_PER_HOUR;
  try {
    await compare(run, day, beginningAt(shareOfHour));
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) {
      throw error;
    }
    run.log.warn('no time to compare all failed orders of an older day', { ...day });
  }
}

/**
 * Orders by creation with rows by failure: hence each as far again beyond the span as the span is long.
 * @param parts in which a span is gone through that holds too much at once
 */
async function compare(
  run: SweepRun,
  span: Span,
  parts: (span: Span) => readonly Span[] = newerHalfFirst,
): Promise<void> {
  run.checkTime();
  const seconds = (Date.parse(span.to) - Date.parse(span.from)) / 1_000;
  const [orders, rows] = await Promise.all([
    run.tables.listOrdersByStatus('FAILED', {
      from: secondsBefore(span.from, seconds),
      to: span.to,
      limit: MAX_ENTRIES,
      newestFirst: true,
    }),
    run.tables.listFailedOrders({
      from: span.from,
      to: secondsBefore(span.to, -seconds),
      limit: MAX_ENTRIES,
      newestFirst: false,
    }),
  ]);
  const isFull = orders.length === MAX_ENTRIES || rows.length === MAX_ENTRIES;
  if (isFull && seconds >= 2 * SHORTEST_SPAN_SECONDS) {
    for (const part of parts(span)) {
      await compare(run, part);
    }
    return;
  }
  const failed = new Set(orders.map(({ order_id }) => order_id));
  const recorded = new Set(rows.map(({ order_id }) => order_id));
  const unrecorded = orders.filter(
    ({ order_id, created_at }) => created_at >= span.from && !recorded.has(order_id),
  );
  const surplus = rows.filter(({ order_id, failed_at }) => failed_at <= span.to && !failed.has(order_id));
  await forEachSettled(run, unrecorded, 'FAILED', completeRow);
  // Not while PROCESSING: a redrive that was cut short finds its way by the row.
  await forEachSettled(run, surplus, 'FULFILLED', removeRow);
}

/** Where the indexes differ the orders decide: those that have been in the status for a while. */
async function forEachSettled(
  run: SweepRun,
  listings: readonly { readonly order_id: string }[],
  wanted: OrderState['status'],
  work: (run: SweepRun, order: OrderState) => Promise<void>,
): Promise<void> {
  const settled = secondsBefore(run.now(), IN_THE_MAKING_SECONDS);
  for (const group of groupsOf(run, listings, STATES_AT_ONCE)) {
    const states = await run.tables.getOrderStates(group.map(({ order_id }) => order_id));
    const old = states.filter(({ status, updated_at }) => status === wanted && updated_at <= settled);
    await each(run, old, (order) => {
      const { order_id, correlation_id } = order;
      return onBehalfOf({ order_id, correlation_id }, () => work(run, order));
    });
  }
}

async function completeRow(run: SweepRun, { order_id, correlation_id }: OrderState): Promise<void> {
  if ((await run.tables.getFailedOrder(order_id)) !== undefined) {
    return; // It failed outside the span, or the index lags behind.
  }
  const [order] = await run.tables.getOrders([order_id]);
  if (order?.status !== 'FAILED') {
    return; // Redriven since.
  }
  await run.tables.putFailedOrder(failedOrderOf(order, JSON.stringify(messageOf(order))));
  run.tally.counts.rowsCompleted += 1;
  run.log.warn('missing row of a failed order written', { order_id, correlation_id });
}

async function removeRow(run: SweepRun, { order_id, attempts, correlation_id }: OrderState): Promise<void> {
  await run.tables.deleteFailedOrder({ orderId: order_id, attempt: attempts });
  run.tally.counts.rowsRemoved += 1;
  run.log.warn('row of a fulfilled order removed', { order_id, correlation_id });
}

function newerHalfFirst(span: Span): readonly Span[] {
  const middle = timeWithin(span, 0.5);
  return [
    { from: middle, to: span.to },
    { from: span.from, to: middle },
  ];
}

/** Backwards from a time within the span, then what is newer. @param share of the span that lies before, 0 to 1 */
function beginningAt(share: number): (span: Span) => readonly Span[] {
  return (span) => {
    const begin = timeWithin(span, share);
    return [
      { from: span.from, to: begin },
      { from: begin, to: span.to },
    ];
  };
}

/** @param share of the span that lies before the time, from 0 to 1 */
function timeWithin({ from, to }: Span, share: number): string {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return new Date(Math.round(first + (last - first) * share)).toISOString();
}
