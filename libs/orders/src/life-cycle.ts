import type { OrderStatus } from './order.ts';

/** The life cycle: which states may follow each state, and who leads there. */
const NEXT: Record<OrderStatus, readonly OrderStatus[]> = {
  PROCESSING: ['FULFILLED', 'FAILED'],
  FULFILLED: [],
  // An operator's redrive only.
  FAILED: ['PROCESSING'],
};

export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return NEXT[from].includes(to);
}

/** FULFILLED and FAILED end an order. */
export function isTerminal(status: OrderStatus): boolean {
  return status !== 'PROCESSING';
}
