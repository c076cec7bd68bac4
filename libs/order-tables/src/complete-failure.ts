import { failedOrderOf } from '@dofs/orders/failed-order';
import { settledByOthers, type SettledByOthers } from '@dofs/orders/settled-by-others';
import type { Attempt, OrderTables, Transition } from './order-tables.ts';

/** `failed-now`: by this call; else by whom or what the order was settled before. */
export type FailureResult = 'failed-now' | SettledByOthers;

/**
 * What has to follow an order's transition to FAILED: its row in failed_orders. Also where the order failed in
 * this attempt before: then a crash may have come between the two writes, and this delivery is there to finish.
 * @throws UnknownOrderError, OutOfStepError, and what the tables throw
 */
export async function completeFailure(
  tables: Pick<OrderTables, 'putFailedOrder'>,
  transition: Transition,
  attempt: Attempt,
  originalMessage: string,
): Promise<FailureResult> {
  if (transition.done) {
    await tables.putFailedOrder(failedOrderOf(transition.order, originalMessage));
    return 'failed-now';
  }
  const result = settledByOthers(transition.order, attempt);
  if (result === 'failed' && transition.order !== undefined) {
    await tables.putFailedOrder(failedOrderOf(transition.order, originalMessage));
  }
  return result;
}

/**
 * What has to follow when a redriven order is FULFILLED: the row of its earlier failure goes, should the redrive have
 * been cut short before it removed it.
 * @param result how the attempt ended
 * @throws what the tables throw
 */
export async function forgetEarlierFailure(
  tables: Pick<OrderTables, 'deleteFailedOrder'>,
  attempt: Attempt,
  result: FailureResult | 'fulfilled-now',
): Promise<void> {
  const isFulfilled = result === 'fulfilled-now' || result === 'fulfilled';
  if (isFulfilled && attempt.attempt > 1) {
    await tables.deleteFailedOrder(attempt);
  }
}
