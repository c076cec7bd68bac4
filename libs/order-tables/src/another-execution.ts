import type { Order } from '@dofs/orders/order';
import type { Transition } from './order-tables.ts';

/**
 * Whether an order refused to be failed only because another execution stored it and it is under way there, in the
 * same attempt (EXPRESS: a repeated key starts a second execution for the same order). Never true for the execution
 * that stored it: that one fails the order even where the other has queued it.
 * @param order the order as known to the caller, the same as the one stored
 */
export function isUnderWayElsewhere(transition: Transition, order: Order): boolean {
  const { done, order: stored } = transition;
  return (
    !done &&
    stored?.status === 'PROCESSING' &&
    stored.attempts === order.attempts &&
    stored.execution_arn !== order.execution_arn
  );
}
