import {
  completeFailure,
  forgetEarlierFailure,
  type FailureResult,
} from '@dofs/order-tables/complete-failure';
import type { Attempt, OrderTables } from '@dofs/order-tables/order-tables';
import type { Order } from '@dofs/orders/order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import type { Fulfillment } from './fulfillment.ts';

export interface FulfillPorts {
  readonly tables: Pick<
    OrderTables,
    'getOrder' | 'settleFulfilled' | 'settleFailed' | 'putFailedOrder' | 'deleteFailedOrder'
  >;
  readonly fulfillment: Fulfillment;
  /** The time, ISO 8601. */
  readonly now: () => string;
  /** Told before the row of the failure is written: should that not succeed, the next delivery knows nothing of it. */
  readonly report: (finding: Finding) => void;
}

/**
 * What a person has to know about an order that is FAILED. `at-odds`: it was failed while the warehouse was at work,
 * and the warehouse has fulfilled it; a redrive gets the warehouse's answer and settles it. `perhaps-at-odds`: an
 * earlier delivery, cut short, may have got such an answer. The warehouse isn't asked again to find out: had it not
 * been asked before, it would fulfil an order that is FAILED.
 */
export type Finding = 'at-odds' | 'perhaps-at-odds';

export interface Delivery {
  readonly message: QueueMessage;
  /** The message as it came, kept with a failed order. */
  readonly body: string;
  /** How often it has been delivered by now, from 1. */
  readonly count: number;
}

/**
 * `fulfilled-now`, `failed-now`: by this delivery. `fulfilled`, `failed`: settled before it could settle the order.
 * `superseded`: of an earlier attempt.
 */
export type FulfillResult = FailureResult | 'fulfilled-now';

/**
 * For so long after its execution began, in seconds, an order whose message comes for the first time is taken to be
 * PROCESSING without a look: that saves each order a read. Nobody but the warehouse fails a queued order so early. A
 * dead letter is 6 s old at least (the shortest visibility timeout that synth lets pass). RecordFailure, where
 * SendToQueue sent the message and every answer was lost, comes after all its retries: their delays, random as they
 * are, add up to so little less than once in 100 million such executions (EXPRESS, the shorter: ten delays of up to
 * 1, 2, 4, 8 and six times 16 s). Each retry may have sent a copy, so the order's age counts, not the message's.
 */
export const FRESH_FOR_SECONDS = 5;

/**
 * One fulfilment attempt of an order: asks the warehouse and settles the order by one conditional update. A
 * delivery that comes late, twice or at the same time as another changes nothing any more, but completes what a
 * crash may have left undone; one that may come late asks the warehouse only if the order still waits for it.
 * @throws what the ports throw, UnknownOrderError, OutOfStepError: the message must then be delivered again
 */
export async function fulfill(ports: FulfillPorts, delivery: Delivery): Promise<FulfillResult> {
  const { message } = delivery;
  const attempt = { orderId: message.order_id, attempt: message.attempt };
  const before = isFresh(delivery, ports.now()) ? undefined : await endedBefore(ports, attempt, delivery);
  const result = before ?? (await askAndSettle(ports, attempt, delivery));
  await forgetEarlierFailure(ports.tables, attempt, result);
  return result;
}

function isFresh({ message, count }: Delivery, now: string): boolean {
  // A time to come is the clock of another machine, or made up.
  const age = Math.abs(Date.parse(now) - Date.parse(message.created_at));
  return count === 1 && message.attempt === 1 && age < FRESH_FOR_SECONDS * 1_000;
}

/**
 * How the attempt ended before this delivery, undefined where it hasn't. A failure's row is completed.
 * @throws UnknownOrderError, OutOfStepError, and what the tables throw
 */
async function endedBefore(
  { tables, report }: FulfillPorts,
  attempt: Attempt,
  { body, count }: Delivery,
): Promise<FailureResult | undefined> {
  const order = await tables.getOrder(attempt.orderId);
  if (order?.status === 'PROCESSING' && order.attempts === attempt.attempt) {
    return undefined;
  }
  // A refusal is the warehouse's own answer, which a repetition would not change.
  if (count > 1 && isFailedIn(order, attempt) && order?.failure_source !== 'fulfillment') {
    report('perhaps-at-odds');
  }
  return completeFailure(tables, { done: false, order }, attempt, body);
}

function isFailedIn(order: Order | undefined, { attempt }: Attempt): boolean {
  return order?.status === 'FAILED' && order.attempts === attempt;
}

async function askAndSettle(
  { tables, fulfillment, now, report }: FulfillPorts,
  attempt: Attempt,
  { message, body, count }: Delivery,
): Promise<FulfillResult> {
  const answer = await fulfillment.fulfil({
    order: message.order,
    orderId: message.order_id,
    idempotencyKey: `${message.order_id}:${message.fulfillment_request ?? 1}`,
    attempt: message.attempt,
    delivery: count,
  });
  if (!answer.fulfilled) {
    const failure = { at: now(), source: 'fulfillment', reason: answer.reason } as const;
    return completeFailure(tables, await tables.settleFailed(attempt, failure), attempt, body);
  }
  const transition = await tables.settleFulfilled(attempt, now());
  if (transition.done) {
    return 'fulfilled-now';
  }
  if (isFailedIn(transition.order, attempt)) {
    report('at-odds');
  }
  return completeFailure(tables, transition, attempt, body);
}
