import { messageOf } from '@dofs/orders/message-of-order';
import type { Order } from '@dofs/orders/order';
import { each } from './each.ts';
import { secondsBefore, type JobReport, type SweepPorts } from './ports.ts';

/** As it signs in an order's audit trail. */
export const SWEEP = 'stuck-order-sweep';

/** Orders that one run looks at, at the most; the next run goes on. */
const MAX_ORDERS = 500;

/**
 * With more messages in the queue than this, orders may be old only because the queue is long, and are left to it:
 * queued again they would have to wait from the end. Below it a message is minutes from its turn, not more.
 */
export const MAX_MESSAGES_IN_QUEUE = 1_000;

type StuckOrderResult = 'requeued' | 'given-up' | 'left-waiting' | 'got-on';

/**
 * Finds orders that nothing has happened to for too long (their message was lost: a workflow died between its
 * two last steps, an operator purged the queue), queues them again in a new attempt, and after some of those gives
 * them up. Should the message be in the queue all the same, it is of an earlier attempt by then: it changes nothing in
 * the tables, and asks the warehouse for nothing new, as both attempts make the same request.
 *
 * An order is given up only while the queue is empty: whatever waits there, for however long a consumer is paused or
 * down, or is being worked on, may be its message. dlq-handler does the failing, so that a crash or a throttle between its two writes is mended by
 * redelivery.
 *
 * Two sweeps at once are harmless, as only one begins a given attempt. One that is killed before it sends leaves
 * an order that is stuck again, and found again.
 */
export async function sweepStuckOrders(ports: SweepPorts): Promise<JobReport> {
  const deadline = secondsBefore(ports.now(), ports.settings.stuckAfterSeconds);
  const listings = await ports.tables.listOrdersByStatus('PROCESSING', {
    to: deadline,
    limit: MAX_ORDERS,
    newestFirst: false,
  });
  const orders = await ports.tables.getOrders(listings.map(({ order_id }) => order_id));
  const stuck = orders.filter((order) => order.status === 'PROCESSING' && order.updated_at <= deadline);
  if (stuck.length === 0) {
    return { counts: {}, errors: [] };
  }
  const inQueue = await ports.queues.messagesInQueue();
  if (inQueue > MAX_MESSAGES_IN_QUEUE) {
    ports.log.warn('orders left waiting, the queue is long', { orders: stuck.length, messages: inQueue });
    return { counts: {}, errors: [] };
  }
  const { results, errors } = await each(stuck, (order) => moveOn(ports, order, inQueue));
  const count = (wanted: StuckOrderResult) => results.filter((result) => result === wanted).length;
  return { counts: { requeued: count('requeued'), givenUp: count('given-up') }, errors };
}

async function moveOn(ports: SweepPorts, order: Order, inQueue: number): Promise<StuckOrderResult> {
  const result = await moveOnByOneStep(ports, order, inQueue);
  const { order_id, correlation_id, attempts } = order;
  ports.log.warn(EVENTS[result], { order_id, correlation_id, attempt: attempts });
  return result;
}

const EVENTS: Record<StuckOrderResult, string> = {
  requeued: 'stuck order queued again',
  'given-up': 'stuck order given up',
  'left-waiting': 'stuck order left waiting, its message may be in the queue',
  'got-on': 'stuck order got on by itself',
};

async function moveOnByOneStep(ports: SweepPorts, order: Order, inQueue: number): Promise<StuckOrderResult> {
  if (requeuesInARow(order) < ports.settings.maxRequeues) {
    return requeue(ports, order);
  }
  return inQueue === 0 ? giveUp(ports, order) : 'left-waiting';
}

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
  await ports.queues.send(messageOf(transition.order));
  return 'requeued';
}

async function giveUp(ports: SweepPorts, order: Order): Promise<StuckOrderResult> {
  await ports.queues.deadLetter({
    ...messageOf(order),
    failure: {
      source: 'queue',
      reason: `nothing came of the order after it was queued again ${ports.settings.maxRequeues} times`,
    },
  });
  return 'given-up';
}
