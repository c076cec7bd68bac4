import { createHash } from 'node:crypto';

/**
 * Order ids are UUIDs (version 4 layout: 122 pseudo-random bits, RFC 9562 section 5.4). The last 32 bits are a
 * check over the others and the state machine that the order was given to. So GET can tell an id that this API
 * handed out from any other id without a look-up: for such an id the order is on its way, even while
 * DescribeExecution, which is eventually consistent, doesn't know it yet. It is a check, not a secret.
 */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CHECK_BYTES = 4;
const PAYLOAD_BYTES = 16 - CHECK_BYTES;

/** Whether the text is a UUID in its canonical lower-case form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * An id for an order without an idempotency key.
 * @param stateMachineArn the state machine that the order is given to
 * @param random 16 random bytes
 */
export function newOrderId(stateMachineArn: string, random: Uint8Array): string {
  return withCheck(stateMachineArn, random);
}

/**
 * The id that follows from customer and idempotency key: the same for every retry, so that the execution's name
 * alone keeps a retry from becoming a second order.
 */
export function orderIdForKey(stateMachineArn: string, customerId: string, idempotencyKey: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([stateMachineArn, customerId, idempotencyKey]))
    .digest();
  return withCheck(stateMachineArn, digest);
}

/** Whether this API handed out the id for an order given to that state machine. */
export function isIssuedOrderId(stateMachineArn: string, orderId: string): boolean {
  if (!isUuid(orderId)) {
    return false;
  }
  const bytes = Buffer.from(orderId.replaceAll('-', ''), 'hex');
  return withCheck(stateMachineArn, bytes) === orderId;
}

function withCheck(stateMachineArn: string, source: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.set(source.subarray(0, PAYLOAD_BYTES));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const check = createHash('sha256')
    .update(stateMachineArn)
    .update(bytes.subarray(0, PAYLOAD_BYTES))
    .digest();
  check.copy(bytes, PAYLOAD_BYTES, 0, CHECK_BYTES);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
