import { statusBefore } from '@dofs/orders/life-cycle';
import type { Order } from '@dofs/orders/order';
import type { Attempt, FailedAttempt, Failure, RedriveNote } from './order-tables.ts';
import { statusShard } from './table-schema.ts';
import type { Change, Expectation } from './update-expression.ts';

/** A change of an order's status: what it writes and what it expects, as data. */
export interface ConditionalChange {
  readonly change: Change;
  readonly expectation: Expectation;
}

const FAILURE_FIELDS = ['failed_at', 'failure_source', 'failure_reason'];

export function fulfilment(attempt: Attempt, at: string): ConditionalChange {
  return {
    change: { set: { ...statusFields('FULFILLED', attempt.orderId), updated_at: at, fulfilled_at: at } },
    expectation: { equals: { status: statusBefore('FULFILLED'), attempts: attempt.attempt } },
  };
}

export function failing(attempt: Attempt, failure: Failure): ConditionalChange {
  return {
    change: { set: failureFields(attempt.orderId, failure) },
    expectation: { equals: { status: statusBefore('FAILED'), attempts: attempt.attempt } },
  };
}

/**
 * Fails the order or stores it as FAILED. What an order that is there consists of is never written over, and the
 * condition keeps another order of the same id from harm (a list such as `items` can't be part of one everywhere).
 */
export function failingOrStoring(order: Order, failure: Failure): ConditionalChange {
  // All that it consists of, whatever that is: the rest is set by the failure.
  const { order_id, status: _status, updated_at: _updatedAt, ...consistsOf } = order;
  const { customer_id, total_quantity, attempts, execution_arn } = order;
  return {
    change: {
      set: failureFields(order_id, failure),
      setIfAbsent: Object.fromEntries(Object.entries(consistsOf).filter(([, value]) => value !== undefined)),
    },
    expectation: {
      equals: { status: statusBefore('FAILED'), attempts, execution_arn, customer_id, total_quantity },
      orAbsent: { partitionKey: 'order_id' },
    },
  };
}

/** A redrive asks the warehouse anew only where the warehouse itself refused: elsewhere it may have acted already. */
export function reopening(failed: FailedAttempt, redrive: RedriveNote): ConditionalChange {
  const attempt = { orderId: failed.order_id, attempt: failed.attempts };
  const change = nextAttempt(attempt, redrive);
  const request =
    failed.failure_source === 'fulfillment'
      ? { fulfillment_request: (failed.fulfillment_request ?? 1) + 1 }
      : {};
  return {
    change: { ...change, set: { ...change.set, ...request }, remove: FAILURE_FIELDS },
    expectation: { equals: { status: statusBefore('PROCESSING'), attempts: failed.attempts } },
  };
}

/** No transition: the order stays PROCESSING, and asks the warehouse under the same number. */
export function requeueing(attempt: Attempt, redrive: RedriveNote): ConditionalChange {
  return {
    change: nextAttempt(attempt, redrive),
    expectation: { equals: { status: 'PROCESSING', attempts: attempt.attempt } },
  };
}

function nextAttempt({ orderId, attempt }: Attempt, redrive: RedriveNote): Change {
  const next = attempt + 1;
  return {
    set: { ...statusFields('PROCESSING', orderId), attempts: next, updated_at: redrive.at },
    append: { list: 'redrives', entry: { at: redrive.at, by: redrive.by, attempt: next } },
  };
}

function failureFields(orderId: string, failure: Failure) {
  return {
    ...statusFields('FAILED', orderId),
    updated_at: failure.at,
    failed_at: failure.at,
    failure_source: failure.source,
    failure_reason: failure.reason,
  };
}

/** Status and its index partition: never one without the other. */
function statusFields(status: Order['status'], orderId: string) {
  return { status, status_shard: statusShard(status, orderId) };
}
