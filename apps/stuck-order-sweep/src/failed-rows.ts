import { IN_THE_MAKING_SECONDS, writeMissingRow } from '@dofs/order-tables/missing-row';
import type { OrderState } from '@dofs/order-tables/order-tables';
import { each, groupsOf, onBehalfOf, STATES_AT_ONCE } from './each.ts';
import { differencesNewestFirst } from './index-differences.ts';
import { olderDay, type Span } from './older-day.ts';
import { secondsBefore, type SweepRun } from './ports.ts';
import { OutOfTimeError } from './sweep-errors.ts';

/** How far back every run looks, in seconds, beyond the age at which the sweep itself fails orders. */
const RECENT_SECONDS = 3_600;
const MS_PER_MINUTE = 60_000;
/** Multiples of it, without their whole part, come near every number from 0 to 1, whatever the interval of runs. */
const GOLDEN_RATIO = 0.618_033_988_75;

/**
 * Makes `failed_orders` agree with `orders` where a crash left them apart and no redelivery came: writes the row
 * that a FAILED order lacks, and removes the row of an order that was fulfilled in a later attempt. It compares
 * the two indexes, which is cheap, and reads only the orders in which they differ. A second net: whoever fails or
 * fulfils an order sees to its row itself, or has its message delivered again.
 *
 * This job looks at the latest hours, the newest first. Refusals are ordinary, so there may be more of them than a run
 * has time for, which is no error: what it didn't come to ages into the older days.
 */
export async function repairRecentRows(run: SweepRun): Promise<void> {
  await repair(run, [recent(run)]);
}

/**
 * As `repairRecentRows`, for one older day. Each run begins at another time of it and goes round, so that all of it is
 * come to even if no run has time for a whole day.
 */
export async function repairOlderRows(run: SweepRun): Promise<void> {
  const day = olderDay(run.now(), recent(run).from);
  const share = (Math.floor(Date.parse(run.now()) / MS_PER_MINUTE) * GOLDEN_RATIO) % 1;
  const begin = timeWithin(day, share);
  await repair(run, [
    { from: day.from, to: begin },
    { from: begin, to: day.to },
  ]);
}

function recent({ now, settings: { stuckAfterSeconds, maxRequeues } }: SweepRun): Span {
  const to = now();
  return { from: secondsBefore(to, RECENT_SECONDS + stuckAfterSeconds * (maxRequeues + 2)), to };
}

/** One span after the other, while there is time. */
async function repair(run: SweepRun, spans: readonly Span[]): Promise<void> {
  for (const [index, span] of spans.entries()) {
    let { to } = span;
    try {
      for await (const { from, unrecorded, surplus } of differencesNewestFirst(run, span)) {
        await forEachSettled(run, unrecorded, 'FAILED', completeRow);
        // Not while PROCESSING: a redrive that was cut short finds its way by the row.
        await forEachSettled(run, surplus, 'FULFILLED', removeRow);
        to = from;
      }
    } catch (error) {
      if (!(error instanceof OutOfTimeError)) {
        throw error;
      }
      const left = [{ from: span.from, to }, ...spans.slice(index + 1)];
      run.log.warn('no time to compare all failed orders', { not_compared: left });
      return;
    }
  }
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
  await writeMissingRow(run.tables, order);
  run.tally.counts.rowsCompleted += 1;
  run.log.warn('missing row of a failed order written', { order_id, correlation_id });
}

async function removeRow(run: SweepRun, { order_id, attempts, correlation_id }: OrderState): Promise<void> {
  await run.tables.deleteFailedOrder({ orderId: order_id, attempt: attempts });
  run.tally.counts.rowsRemoved += 1;
  run.log.warn('row of a fulfilled order removed', { order_id, correlation_id });
}

/** @param share of the span that lies before the time, from 0 to 1 */
function timeWithin({ from, to }: Span, share: number): string {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return new Date(Math.round(first + (last - first) * share)).toISOString();
}
