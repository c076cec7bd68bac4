import { messageOf } from '@dofs/orders/message-of-order';
import type { Order } from '@dofs/orders/order';
import { each, onBehalfOf } from './each.ts';
import { processingOldestFirst } from './oldest-first.ts';
import { secondsBefore, type SweepRun } from './ports.ts';

/** As it signs in an order's audit trail. */
export const SWEEP = 'stuck-order-sweep';

/**
 * With more messages in the queue than this, orders may be old only because the queue is long, and are left to it:
 * queued again they would have to wait from the end. Below it a message is minutes from its turn, not more. A run's own
 * messages count too.
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
 * down, or is being worked on, may be its message. Until then it is queued again, as its messages may never have been
 * sent. dlq-handler does the failing, so that a crash or a throttle between its two writes is mended by redelivery.
 *
 * Two sweeps at once are harmless, as only one begins a given attempt. One that is killed before it sends leaves
 * an order that is stuck again, and found again.
 */
export async function sweepStuckOrders(run: SweepRun): Promise<void> {
  const deadline = secondsBefore(run.now(), run.settings.stuckAfterSeconds);
  let inQueue: number | undefined;
  for await (const listings of processingOldestFirst(run.tables, deadline)) {
    run.checkTime();
    const orders = await run.tables.getOrders(listings.map(({ order_id }) => order_id));
    const stuck = orders.filter((order) => order.status === 'PROCESSING' && order.updated_at <= deadline);
    if (stuck.length === 0) {
      continue;
    }
    const messages = (inQueue ??= await run.queues.messagesInQueue());
    if (messages + run.tally.counts.requeued > MAX_MESSAGES_IN_QUEUE) {
      run.log.warn('orders left waiting, the queue is long', { orders: stuck.length, messages });
      return;
    }
    await each(run, stuck, (order) => moveOn(run, order, messages));
  }
}

async function moveOn(run: SweepRun, order: Order, inQueue: number): Promise<void> {
  const { order_id, correlation_id, attempts } = order;
  const result = await onBehalfOf({ order_id, correlation_id }, () => moveOnByOneStep(run, order, inQueue));
  run.tally.counts.requeued += Number(result === 'requeued');
  run.tally.counts.givenUp += Number(result === 'given-up');
  run.log.warn(EVENTS[result], { order_id, correlation_id, attempt: attempts });
}

const EVENTS: Record<StuckOrderResult, string> = {
  requeued: 'stuck order queued again',
  'given-up': 'stuck order given up',
  'left-waiting': 'stuck order left waiting, its message may be in the queue',
  'got-on': 'stuck order got on by itself',
};

async function moveOnByOneStep(run: SweepRun, order: Order, inQueue: number): Promise<StuckOrderResult> {
  const further = requeuesInARow(order) - run.settings.maxRequeues;
  if (further < 0) {
    return requeue(run, order);
  }
  return inQueue === 0 ? giveUp(run, order) : requeueInTime(run, order, further);
}

/**
 * Beyond maxRequeues each attempt gets twice the time of the one before: a queue that takes longer than that to come
 * to a message would otherwise never come to one of the current attempt.
 */
async function requeueInTime(run: SweepRun, order: Order, further: number): Promise<StuckOrderResult> {
  const waitedMs = Date.parse(run.now()) - Date.parse(order.updated_at);
  const patienceMs = 1_000 * run.settings.stuckAfterSeconds * 2 ** further;
  return waitedMs < patienceMs ? 'left-waiting' : requeue(run, order);
}

/** The sweep's own, since an operator last had a hand in it. */
function requeuesInARow(order: Order): number {
  const redrives = order.redrives ?? [];
  return redrives.length - 1 - redrives.findLastIndex(({ by }) => by !== SWEEP);
}

async function requeue(run: SweepRun, order: Order): Promise<StuckOrderResult> {
  const attempt = { orderId: order.order_id, attempt: order.attempts };
  const transition = await run.tables.requeueOrder(attempt, { at: run.now(), by: SWEEP });
  if (!transition.done) {
    return 'got-on';
  }
  // Not before the update: a message must never be ahead of its order.
  await run.queues.send(messageOf(transition.order));
  return 'requeued';
}

async function giveUp(run: SweepRun, order: Order): Promise<StuckOrderResult> {
  await run.queues.deadLetter({
    ...messageOf(order),
    failure: {
      source: 'queue',
      reason: `nothing came of the order after it was queued again ${requeuesInARow(order)} times`,
    },
  });
  return 'given-up';
}
