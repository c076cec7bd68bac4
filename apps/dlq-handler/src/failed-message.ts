import type { FailedOrder } from '@dofs/orders/order';

/**
 * Longest piece of a message in one row, in bytes of UTF-8. An item ends at 400 KB (AWS: "Quotas in Amazon
 * DynamoDB"), a message at 1 MiB; the rest is for the row's other attributes.
 */
export const MAX_PIECE_BYTES = 350_000;

/** An order in a row, in bytes, at the most: 100 items with ids of 128 characters of up to 4 bytes. */
const ORDER_BYTES = 100_000;

interface Circumstances {
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The rows that keep a message which names no order: one under `message-<message id>`, and for a message too big
 * for one item more of them, `message-<message id>.2` and so on. Their `original_message`s make up the whole.
 */
export function failedMessageRows(
  { messageId, body }: { readonly messageId: string; readonly body: string },
  { reason, at }: Circumstances,
): FailedOrder[] {
  const pieces = piecesOf(body, MAX_PIECE_BYTES);
  return pieces.map((piece, index) => ({
    order_id: index === 0 ? `message-${messageId}` : `message-${messageId}.${index + 1}`,
    failed_at: at,
    failure_source: 'sqs-dlq',
    failure_reason: pieces.length === 1 ? reason : `${reason} (piece ${index + 1} of ${pieces.length})`,
    original_message: piece,
  }));
}

/** Whether a message can be kept whole in a row that also holds its order. */
export function fitsInOneRow(body: string): boolean {
  return Buffer.byteLength(body) <= MAX_PIECE_BYTES - ORDER_BYTES;
}

/** Cuts text into pieces of at most so many bytes of UTF-8, never through a character. */
function piecesOf(text: string, maxBytes: number): string[] {
  const bytes = Buffer.from(text);
  const pieces: string[] = [];
  let start = 0;
  do {
    let end = Math.min(start + maxBytes, bytes.length);
    while (end < bytes.length && isInsideCharacter(bytes.readUInt8(end))) {
      end -= 1;
    }
    pieces.push(bytes.toString('utf8', start, end));
    start = end;
  } while (start < bytes.length);
  return pieces;
}

/** The second to fourth byte of a character in UTF-8 (RFC 3629, section 3). */
function isInsideCharacter(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
