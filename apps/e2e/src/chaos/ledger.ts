import { createHash } from 'node:crypto';

/** What the client sent, and what it was answered. The audit believes nothing else. */
export interface LedgerEntry {
  readonly key: string;
  readonly order: ChaosOrder;
  /** Every 200: the answer's order id and execution ARN. Empty: never accepted as far as the client knows. */
  readonly accepted: { readonly orderId: string; readonly executionArn: string }[];
  /** Answers that the contract doesn't allow for this request. */
  readonly unexpected: string[];
}

export interface ChaosOrder {
  readonly customer_id: string;
  readonly items: readonly { readonly product_id: string; readonly quantity: number }[];
}

/** The orders of a run: they follow from the seed alone. One in fifty breaks a business rule. */
export function chaosOrders(seed: number, count: number): LedgerEntry[] {
  return Array.from({ length: count }, (_, n) => {
    const dice = createHash('sha256').update(`${seed}/${n}`).digest();
    const quantity = dice.readUInt8(0) < 5 ? 101 : 1 + (dice.readUInt8(1) % 20);
    return {
      key: `chaos-${seed}-${n}`,
      order: { customer_id: `cust-${n}`, items: [{ product_id: `prod-${dice.readUInt8(2)}`, quantity }] },
      accepted: [],
      unexpected: [],
    };
  });
}

/**
 * Who asks for an order more than once. `at-once`: as a double click does; `later`: as a client does that lost its
 * memory, when the order is long under way. One order in ten each.
 */
export type Repetition = 'none' | 'at-once' | 'later';

export function repetitionOf(seed: number, n: number): Repetition {
  const dice = createHash('sha256').update(`repetition/${seed}/${n}`).digest().readUInt8(0);
  if (dice < 26) {
    return 'at-once';
  }
  return dice < 52 ? 'later' : 'none';
}
