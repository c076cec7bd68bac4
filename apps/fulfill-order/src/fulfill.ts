import { completeFailure, forgetEarlierFailure } from '@dofs/order-tables/complete-failure';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import type { QueueMessage } from '@dofs/orders/queue-message';
import type { Fulfillment } from './fulfillment.ts';

export interface FulfillPorts {
  readonly tables: Pick<
    OrderTables,
    'settleFulfilled' | 'settleFailed' | 'putFailedOrder' | 'deleteFailedOrder'
  >;
  readonly fulfillment: Fulfillment;
  /** The time, ISO 8601. */
  readonly now: () => string;
}

export interface Delivery {
  readonly message: QueueMessage;
  /** The message as it came, kept with a failed order. */
  readonly body: string;
  /** How often it has been delivered by now, from 1. */
  readonly count: number;
}

/**
 * `fulfilled-now`, `failed-now`: by this delivery. `fulfilled`, `failed`: settled before, this delivery is a duplicate.
 * `superseded`: of an earlier attempt. `at-odds`: the order is FAILED (its message was dead-lettered in the meantime),
 * but the warehouse has fulfilled it: for a person to see; a redrive gets the warehouse's answer and settles it.
 */
export type FulfillResult =
  'fulfilled-now' | 'failed-now' | 'fulfilled' | 'failed' | 'superseded' | 'at-odds';

/**
 * One fulfilment attempt of an order: asks the warehouse and settles the order by one conditional update. A
 * delivery that comes late, twice or at the same time as another changes nothing any more, but completes what a
 * crash may have left undone.
 * @throws what the ports throw, UnknownOrderError, OutOfStepError: the message must then be delivered again
 */
export async function fulfill(ports: FulfillPorts, delivery: Delivery): Promise<FulfillResult> {
  const { message, body, count } = delivery;
  const attempt = { orderId: message.order_id, attempt: message.attempt };
  const answer = await ports.fulfillment.fulfil({
    order: message.order,
    orderId: message.order_id,
    idempotencyKey: `${message.order_id}:${message.fulfillment_request ?? 1}`,
    attempt: message.attempt,
    delivery: count,
  });
  const transition = answer.fulfilled
    ? await ports.tables.settleFulfilled(attempt, ports.now())
    : await ports.tables.settleFailed(attempt, {
        at: ports.now(),
        source: 'fulfillment',
        reason: answer.reason,
      });
  const result =
    transition.done && answer.fulfilled
      ? 'fulfilled-now'
      : await completeFailure(ports.tables, transition, attempt, body);
  await forgetEarlierFailure(ports.tables, attempt, result);
  return answer.fulfilled && result === 'failed' ? 'at-odds' : result;
}
