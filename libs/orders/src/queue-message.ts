import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Check, Errors } from 'typebox/schema';
import { FailureSource } from './order.ts';
import { MAX_REASON_LENGTH } from './failure-reason.ts';
import { Name } from './name.ts';
import { OrderRequest } from './order-request.ts';
import { isUuid } from './order-id.ts';

/** More attempts than any order ever has. */
const MAX_ATTEMPTS = 1_000_000;
/** ISO 8601, UTC, with or without milliseconds: a key of the status index, so nothing longer will do. */
const TIME = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$';

/**
 * The body of a message in order-queue: one fulfilment attempt of one order. Everything is bounded, so that whatever
 * passes can be stored in a row of either table.
 */
export const QueueMessage = Type.Object({
  order_id: Type.String(),
  correlation_id: Name,
  attempt: Type.Integer({ minimum: 1, maximum: MAX_ATTEMPTS }),
  /** As the order's: absent for the first. */
  fulfillment_request: Type.Optional(Type.Integer({ minimum: 2, maximum: MAX_ATTEMPTS })),
  order: OrderRequest,
  execution_arn: Name,
  created_at: Type.String({ pattern: TIME }),
  /** Set where the message went to the dead letter queue as the last resort of the workflow or of the sweep. */
  failure: Type.Optional(
    Type.Object({ source: FailureSource, reason: Type.String({ maxLength: MAX_REASON_LENGTH }) }),
  ),
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
  if (Number.isNaN(Date.parse(value.created_at))) {
    return { valid: false, reason: 'the message is not a fulfilment request: /created_at is no time' };
  }
  return { valid: true, message: value };
}
