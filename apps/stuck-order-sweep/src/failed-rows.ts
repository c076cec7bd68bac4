import { failedOrderOf } from '@dofs/orders/failed-order';
import { messageOf } from '@dofs/orders/message-of-order';
import { each, type EachOutcome } from './each.ts';
import { secondsBefore, type JobReport, type SweepPorts } from './ports.ts';

/** FAILED orders that one run compares, at the most, the newest first. */
const MAX_ORDERS = 1_000;
/** How far back one run looks, in seconds, beyond the age at which the sweep itself fails orders. */
const LOOK_BACK_SECONDS = 3_600;
/** A failure or its reversal may still be in the making for so long, in seconds: longer than any function runs. */
const IN_THE_MAKING_SECONDS = 60;

/**
 * Makes `failed_orders` agree with `orders` where a crash left them apart and no redelivery came: writes the row
 * that a FAILED order lacks, and removes the row of an order that was fulfilled in a later attempt. It compares
 * the two indexes, which is cheap, and reads only the orders in which they differ. A second net: whoever fails or
 * fulfils an order sees to its row itself, or has its message delivered again.
 */
export async function repairFailedRows(ports: SweepPorts): Promise<JobReport> {
  const to = ports.now();
  const { stuckAfterSeconds, maxRequeues } = ports.settings;
  const lookBack = LOOK_BACK_SECONDS + stuckAfterSeconds * (maxRequeues + 2);
  const range = { from: secondsBefore(to, lookBack), to, newestFirst: true };
  const [orders, rows] = await Promise.all([
    ports.tables.listOrdersByStatus('FAILED', { ...range, limit: MAX_ORDERS }),
    ports.tables.listFailedOrders({ ...range, limit: 2 * MAX_ORDERS }),
  ]);
  const failed = new Set(orders.map(({ order_id }) => order_id));
  const recorded = new Set(rows.map(({ order_id }) => order_id));
  const settled = secondsBefore(to, IN_THE_MAKING_SECONDS);
  const completed = await completeRows(
    ports,
    [...failed].filter((id) => !recorded.has(id)),
    settled,
  );
  const removed = await removeRows(
    ports,
    [...recorded].filter((id) => !failed.has(id)),
    settled,
  );
  return {
    counts: {
      rowsCompleted: completed.results.filter(Boolean).length,
      rowsRemoved: removed.results.length,
    },
    errors: [...completed.errors, ...removed.errors],
  };
}

async function completeRows(
  ports: SweepPorts,
  ids: readonly string[],
  settled: string,
): Promise<EachOutcome<boolean>> {
  const orders = await ports.tables.getOrders(ids);
  const old = orders.filter(({ status, updated_at }) => status === 'FAILED' && updated_at <= settled);
  return each(old, async (order) => {
    if ((await ports.tables.getFailedOrder(order.order_id)) !== undefined) {
      return false; // It failed before the range, or the index lags behind.
    }
    await ports.tables.putFailedOrder(failedOrderOf(order, JSON.stringify(messageOf(order))));
    const { order_id, correlation_id } = order;
    ports.log.warn('missing row of a failed order written', { order_id, correlation_id });
    return true;
  });
}

async function removeRows(
  ports: SweepPorts,
  ids: readonly string[],
  settled: string,
): Promise<EachOutcome<void>> {
  const orders = await ports.tables.getOrders(ids);
  // Not while PROCESSING: a redrive that was cut short finds its way by the row.
  const old = orders.filter(({ status, updated_at }) => status === 'FULFILLED' && updated_at <= settled);
  return each(old, async ({ order_id, attempts, correlation_id }) => {
    await ports.tables.deleteFailedOrder({ orderId: order_id, attempt: attempts });
    ports.log.warn('row of a fulfilled order removed', { order_id, correlation_id });
  });
}
