import { createHash } from 'node:crypto';
import { messageOf } from '@dofs/orders/message-of-order';
import { newOrder } from '@dofs/orders/new-order';

/** What is wrong with a message that was put into the order queue by hand. */
export const POISON_KINDS = [
  'message that is not JSON',
  'message of another shape',
  'message for an order that does not exist',
] as const;
export type PoisonKind = (typeof POISON_KINDS)[number];

export interface PoisonMessage {
  readonly kind: PoisonKind;
  /** What the run knows the message by; where it names an order, that order's id. */
  readonly id: string;
  readonly body: string;
}

/** Messages of each kind in a run. */
const OF_EACH_KIND = 20;

/** Messages that no order of the run owns; they follow from the seed alone. */
export function poisonMessages(seed: number): PoisonMessage[] {
  return Array.from({ length: OF_EACH_KIND }).flatMap((_, n) =>
    POISON_KINDS.map((kind) => {
      const hash = createHash('sha256').update(`poison/${seed}/${kind}/${n}`).digest('hex');
      const id = uuidOf(hash);
      return { kind, id, body: bodyOf(kind, n, hash, id) };
    }),
  );
}

function bodyOf(kind: PoisonKind, n: number, hash: string, id: string): string {
  switch (kind) {
    case 'message that is not JSON':
      return (
        [`not JSON ${hash}`, `{"order_id": "${hash}", "broken": `, `"\u00e9\u{1F600} \t ${hash}"`][n % 3] ??
        hash
      );
    case 'message of another shape':
      return JSON.stringify(
        [{ hello: hash }, { order_id: hash, correlation_id: 'poison', attempt: 1 }, [hash, null, {}]][n % 3],
      );
    case 'message for an order that does not exist':
      return JSON.stringify(messageOf(unknownOrder(id, n)));
  }
}

function unknownOrder(id: string, n: number) {
  return newOrder({
    order_id: id,
    correlation_id: `poison-${n}`,
    order: { customer_id: `poison-${n}`, items: [{ product_id: 'poison', quantity: 1 }] },
    execution_arn: `arn:aws:states:us-east-1:123456789012:execution:dofs-dev-order-processing:${id}`,
    created_at: '2026-01-01T00:00:00.000Z',
  });
}

/** A UUID of version 4 out of hexadecimal digits. */
function uuidOf(hash: string): string {
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
