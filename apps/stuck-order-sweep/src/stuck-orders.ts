import { completeFailure } from '@dofs/order-tables/complete-failure';
import { messageOf } from '@dofs/orders/message-of-order';
import type { Order } from '@dofs/orders/order';
import { each } from './each.ts';
import { secondsBefore, type SweepPorts } from './ports.ts';

/** As it signs in an order's audit trail. */
export const SWEEP = 'stuck-order-sweep';

/** Orders that one run looks at, at the most; the next run goes on. */
const MAX_ORDERS = 500;

/**
 * With more messages waiting than this, orders may be old only because the queue is long, and are left to it:
 * queued again they would have to wait from the end. Below it a message is minutes from its turn, not more.
 */
export const MAX_WAITING_MESSAGES = 1_000;

export type StuckOrderResult = 'requeued' | 'failed' | 'got-on';

/**
 * Finds orders that nothing has happened to for too long (their message was lost: a workflow died between its
 * two last steps, an operator purged the queue), queues them again in a new attempt, and after some of those fails
 * them. Should the message be in the queue all the same, it is of an earlier attempt by then and changes nothing.
 *
 * Two sweeps at once are harmless, as only one begins a given attempt. One that is killed before it sends leaves
 * an order that is stuck again, and found again.
 * @throws AggregateError at the end, of what the ports threw
 */
export async function sweepStuckOrders(ports: SweepPorts): Promise<StuckOrderResult[]> {
  const deadline = secondsBefore(ports.now(), ports.settings.stuckAfterSeconds);
  const listings = await ports.tables.listOrdersByStatus('PROCESSING', {
    to: deadline,
    limit: MAX_ORDERS,
    newestFirst: false,
  });
  const orders = await ports.tables.getOrders(listings.map(({ order_id }) => order_id));
  const stuck = orders.filter((order) => order.status === 'PROCESSING' && order.updated_at <= deadline);
  if (stuck.length === 0) {
    return [];
  }
  const waiting = await ports.queue.waitingMessages();
  if (waiting > MAX_WAITING_MESSAGES) {
    ports.log.warn('orders left waiting, the queue is long', { orders: stuck.length, messages: waiting });
    return [];
  }
  return each(stuck, (order) => moveOn(ports, order));
}

async function moveOn(ports: SweepPorts, order: Order): Promise<StuckOrderResult> {
  const result =
    requeuesInARow(order) < ports.settings.maxRequeues
      ? await requeue(ports, order)
      : await giveUp(ports, order);
  const { order_id, correlation_id, attempts } = order;
  ports.log.warn(EVENTS[result], { order_id, correlation_id, attempt: attempts });
  return result;
}

const EVENTS: Record<StuckOrderResult, string> = {
  requeued: 'stuck order queued again',
  failed: 'stuck order failed',
  'got-on': 'stuck order got on by itself',
};

/** The sweep's own, since an operator last had a hand in it. */
function requeuesInARow(order: Order): number {
  const redrives = order.redrives ?? [];
  return redrives.length - 1 - redrives.findLastIndex(({ by }) => by !== SWEEP);
}

async function requeue(ports: SweepPorts, order: Order): Promise<StuckOrderResult> {
  const attempt = { orderId: order.order_id, attempt: order.attempts };
  const transition = await ports.tables.requeueOrder(attempt, { at: ports.now(), by: SWEEP });
  if (!transition.done) {
    return 'got-on';
  }
  // Not before the update: a message must never be ahead of its order.
  await ports.queue.send(messageOf(transition.order));
  return 'requeued';
}

async function giveUp(ports: SweepPorts, order: Order): Promise<StuckOrderResult> {
  const attempt = { orderId: order.order_id, attempt: order.attempts };
  const transition = await ports.tables.settleFailed(attempt, {
    at: ports.now(),
    source: 'queue',
    reason: `nothing came of the order after it was queued again ${ports.settings.maxRequeues} times`,
  });
  const result = await completeFailure(ports.tables, transition, attempt, JSON.stringify(messageOf(order)));
  return result === 'failed-now' || result === 'failed' ? 'failed' : 'got-on';
}
