import type { OrderStatus } from './order.ts';

/**
 * The life cycle: the one state from which each state is reached. Every transition of the tables is conditional on
 * it. FULFILLED is left by nobody, FAILED by an operator's redrive only.
 */
const BEFORE = {
  FULFILLED: 'PROCESSING',
  FAILED: 'PROCESSING',
  PROCESSING: 'FAILED',
} as const satisfies Record<OrderStatus, OrderStatus>;

/** The state in which an order must be to get into another. */
export function statusBefore(status: OrderStatus): OrderStatus {
  return BEFORE[status];
}

/** FULFILLED and FAILED end an order. */
export function isTerminal(status: OrderStatus): boolean {
  return status !== 'PROCESSING';
}
