import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Check, Errors } from 'typebox/schema';
import { FailureSource } from './order.ts';
import { OrderRequest } from './order-request.ts';
import { isUuid } from './order-id.ts';

/** The body of a message in order-queue: one fulfilment attempt of one order. */
export const QueueMessage = Type.Object({
  order_id: Type.String(),
  correlation_id: Type.String(),
  attempt: Type.Integer({ minimum: 1 }),
  order: OrderRequest,
  execution_arn: Type.String(),
  created_at: Type.String(),
  /** Set where the workflow itself sent the message to the dead letter queue: its last resort. */
  failure: Type.Optional(Type.Object({ source: FailureSource, reason: Type.String() })),
});
export type QueueMessage = Static<typeof QueueMessage>;

export type ParsedQueueMessage =
  | { readonly valid: true; readonly message: QueueMessage }
  | { readonly valid: false; readonly reason: string };

/** Reads a message body; never throws: a body that is no queue message gets the reason why. */
export function parseQueueMessage(body: string): ParsedQueueMessage {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { valid: false, reason: 'the message is not JSON' };
  }
  if (!Check(QueueMessage, value)) {
    const [, [violation]] = Errors(QueueMessage, value);
    const where = violation?.instancePath || 'the message';
    return {
      valid: false,
      reason: `the message is not a fulfilment request: ${where} ${violation?.message ?? ''}`,
    };
  }
  if (!isUuid(value.order_id)) {
    return { valid: false, reason: 'the message is not a fulfilment request: /order_id is not a UUID' };
  }
  return { valid: true, message: value };
}
