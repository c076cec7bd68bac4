import type { QueueMessage } from '@dofs/orders/queue-message';

/**
 * Whoever fulfils orders: a warehouse, a shipping service, the simulator. It may be asked more than once under one
 * `idempotencyKey` (a message comes twice, an attempt was cut short), and must then answer the same and act once.
 */
export interface Fulfillment {
  /** Throws if it can't tell now: the order is then tried again later. A refusal is an answer, not an error. */
  fulfil(request: FulfillmentRequest): Promise<FulfillmentAnswer>;
}

export interface FulfillmentRequest {
  readonly order: QueueMessage['order'];
  readonly orderId: string;
  /** Names what is asked for: another one only after an operator redrove an order that was refused. */
  readonly idempotencyKey: string;
  /** The order's attempt, from 1. */
  readonly attempt: number;
  /** How often the message has been delivered by now, from 1. */
  readonly delivery: number;
}

export type FulfillmentAnswer =
  { readonly fulfilled: true } | { readonly fulfilled: false; readonly reason: string };
