import { isUnderWayElsewhere } from '@dofs/order-tables/another-execution';
import { completeFailure, forgetEarlierFailure } from '@dofs/order-tables/complete-failure';
import type { OrderTables, Transition } from '@dofs/order-tables/order-tables';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import { parseQueueMessage, type QueueMessage } from '@dofs/orders/queue-message';
import { isSameOrder } from '@dofs/orders/same-order';
import { OutOfStepError } from '@dofs/orders/settled-by-others';
import { failedMessageRows, fitsInOneRow } from './failed-message.ts';

export interface DeadLetterPorts {
  readonly tables: Pick<
    OrderTables,
    'upsertFailed' | 'settleFailed' | 'putFailedOrder' | 'deleteFailedOrder'
  >;
  /** The time, ISO 8601. */
  readonly now: () => string;
}

export interface DeadLetter {
  readonly messageId: string;
  /** As it came, whatever it holds. */
  readonly body: string;
}

/**
 * `failed-now`: the order is FAILED by this message. `failed`: it was before, and its row is there now.
 * `stale`: the order was fulfilled, is in a later attempt, or is under way in another execution than the one that
 * gave it up: the message is of no consequence.
 * `kept`: the message names no order that it could belong to, and is kept under an id of its own.
 */
export type DeadLetterResult = 'failed-now' | 'failed' | 'stale' | 'kept';

const DEFAULT_FAILURE = {
  source: 'sqs-dlq',
  reason: 'the message was received too often without success',
} as const;

/**
 * Ends what a dead-lettered message stands for in `failed_orders`, whole, and its order FAILED.
 * @throws what the tables throw: the message must then stay in the queue
 */
export async function deadLetter(ports: DeadLetterPorts, letter: DeadLetter): Promise<DeadLetterResult> {
  const parsed = parseQueueMessage(letter.body);
  return parsed.valid ? failOrder(ports, letter, parsed.message) : keepMessage(ports, letter, parsed.reason);
}

async function failOrder(
  ports: DeadLetterPorts,
  letter: DeadLetter,
  message: QueueMessage,
): Promise<DeadLetterResult> {
  const { attempt: attempts, fulfillment_request } = message;
  const order: Order = {
    ...newOrder(message),
    attempts,
    ...(fulfillment_request === undefined ? {} : { fulfillment_request }),
  };
  const failure = { ...(message.failure ?? DEFAULT_FAILURE), at: ports.now() };
  let transition: Transition = await ports.tables.upsertFailed(order, failure);
  if (!transition.done && transition.order !== undefined && !isSameOrder(transition.order, order)) {
    return keepMessage(ports, letter, 'another order has the id that the message names');
  }
  const attempt = { orderId: message.order_id, attempt: message.attempt };
  if (isUnderWayElsewhere(transition, order)) {
    if (message.failure !== undefined) {
      return 'stale';
    }
    // A message that fulfill-order could not work off: no other message of the order fares better.
    transition = await ports.tables.settleFailed(attempt, failure);
  }
  try {
    const original = await originalMessage(ports, letter, order);
    const result = await completeFailure(ports.tables, transition, attempt, original);
    await forgetEarlierFailure(ports.tables, attempt, result);
    return result === 'fulfilled' || result === 'superseded' ? 'stale' : result;
  } catch (error) {
    if (error instanceof OutOfStepError) {
      return keepMessage(ports, letter, error.message);
    }
    throw error;
  }
}

/** What goes into the order's row: the message whole or, where that is too big, what it says of the order. */
async function originalMessage(ports: DeadLetterPorts, letter: DeadLetter, order: Order): Promise<string> {
  if (fitsInOneRow(letter.body)) {
    return letter.body;
  }
  await keepMessage(ports, letter, `message of order ${order.order_id}, too big for its row`);
  return JSON.stringify(messageOf(order));
}

async function keepMessage(
  ports: DeadLetterPorts,
  letter: DeadLetter,
  reason: string,
): Promise<DeadLetterResult> {
  for (const row of failedMessageRows(letter, { reason, at: ports.now() })) {
    await ports.tables.putFailedOrder(row);
  }
  return 'kept';
}
