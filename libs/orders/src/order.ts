import type { Static } from 'typebox';
import * as Type from 'typebox';
import { OrderItem } from './order-request.ts';

/** An order's state. FULFILLED and FAILED are terminal: only an operator's redrive leaves FAILED. */
export const OrderStatus = Type.Enum(['PROCESSING', 'FULFILLED', 'FAILED']);
export type OrderStatus = Static<typeof OrderStatus>;

/** Where an order failed. `sqs-dlq`: its message was received too often and dead-lettered. */
export const FailureSource = Type.Enum(['validation', 'storage', 'queue', 'fulfillment', 'sqs-dlq']);
export type FailureSource = Static<typeof FailureSource>;

/** One operator's redrive or the sweep's requeue, kept on the order as its audit trail. */
export const Redrive = Type.Object({
  /** ISO 8601, UTC, milliseconds. */
  at: Type.String(),
  by: Type.String(),
  /** The attempt that this redrive began. */
  attempt: Type.Integer({ minimum: 1 }),
});
export type Redrive = Static<typeof Redrive>;

/** An order as stored in the `orders` table. Times are ISO 8601, UTC, milliseconds. */
export const Order = Type.Object({
  order_id: Type.String(),
  customer_id: Type.String(),
  items: Type.Array(OrderItem),
  total_quantity: Type.Integer(),
  status: OrderStatus,
  created_at: Type.String(),
  updated_at: Type.String(),
  /**
   * The fulfilment attempt that is current: 1 when stored, one more with each redrive or requeue. A message
   * carries the attempt it was sent for, so a late copy of an earlier message can't settle a later attempt.
   */
  attempts: Type.Integer({ minimum: 1 }),
  /**
   * Which request to the warehouse the current attempt makes, where it isn't the first: one more with each redrive of
   * an order that the warehouse refused. An attempt that was only cut short asks again under the same number, so that
   * a warehouse that has acted already doesn't act twice.
   */
  fulfillment_request: Type.Optional(Type.Integer({ minimum: 2 })),
  execution_arn: Type.String(),
  correlation_id: Type.String(),
  fulfilled_at: Type.Optional(Type.String()),
  failed_at: Type.Optional(Type.String()),
  failure_reason: Type.Optional(Type.String()),
  failure_source: Type.Optional(FailureSource),
  redrives: Type.Optional(Type.Array(Redrive)),
});
export type Order = Static<typeof Order>;

/** A row of the `failed_orders` table: the projection of a FAILED order, or a message that names no order. */
export const FailedOrder = Type.Object({
  order_id: Type.String(),
  failed_at: Type.String(),
  failure_source: FailureSource,
  failure_reason: Type.String(),
  /** The message or workflow input that failed, byte for byte where it is text. */
  original_message: Type.String(),
  correlation_id: Type.Optional(Type.String()),
  attempts: Type.Optional(Type.Integer()),
  /** The order itself where known. */
  order: Type.Optional(Order),
});
export type FailedOrder = Static<typeof FailedOrder>;
