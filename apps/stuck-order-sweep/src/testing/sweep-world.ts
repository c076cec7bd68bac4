import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { newOrder } from '@dofs/orders/new-order';
import type { Order } from '@dofs/orders/order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import { createHandler } from '../handler.ts';
import type { BadEnd, SweepTables } from '../ports.ts';

export const NOW = '2026-03-01T10:30:00.000Z';
/** Longer than `stuckAfterSeconds`. */
export const LONG_AGO = '2026-03-01T10:00:00.000Z';
export const JUST_NOW = '2026-03-01T10:29:30.000Z';
export const FAILURE = { at: LONG_AGO, source: 'fulfillment', reason: 'out of stock' } as const;

/** A new order; its index is the end of its id. */
export function order(index: number, created_at: string): Order {
  return newOrder({
    order_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    correlation_id: `correlation-${index}`,
    order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] },
    execution_arn: `arn:execution:${index}`,
    created_at,
  });
}

export interface Situation {
  /** Messages in the queue. */
  readonly waiting?: number;
  /** `endedAt`: ISO 8601; absent: LONG_AGO. */
  readonly badEnds?: readonly (BadEnd & { readonly endedAt?: string })[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly issued?: readonly string[];
  /** Ids of orders whose messages are refused. */
  readonly refused?: readonly string[];
  /** What each call to a queue takes of the function's 60 s. */
  readonly queueCallMs?: number;
  /** What each listing of failed orders takes of them. */
  readonly listingMs?: number;
  /** Whether the listing of executions never answers. */
  readonly executionsHang?: boolean;
}

/** Tables that keep account of how rows of failed orders are looked for. */
function meteredTables(tables: SweepTables, onListing: () => void) {
  /** Ids of orders whose row was read by itself. */
  const rowReads: string[] = [];
  /** Of each listing of FAILED orders: until when, how many were asked for, and how many there were. */
  const listings: { readonly to: string | undefined; readonly limit: number; readonly entries: number }[] =
    [];
  const metered: SweepTables = {
    ...tables,
    async listOrdersByStatus(status, range) {
      const entries = await tables.listOrdersByStatus(status, range);
      if (status === 'FAILED') {
        onListing();
        listings.push({ to: range.to, limit: range.limit, entries: entries.length });
      }
      return entries;
    },
    getFailedOrder(orderId) {
      rowReads.push(orderId);
      return tables.getFailedOrder(orderId);
    },
  };
  return { tables: metered, rowReads, listings };
}

/** The sweep with tables and queues in memory, at a time that the test sets. */
export function sweepWorld(situation: Situation = {}) {
  const { waiting = 0, badEnds = [], inputs = {}, issued = [], refused = [], queueCallMs = 0 } = situation;
  const { listingMs = 0, executionsHang = false } = situation;
  const clock = { now: NOW };
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => clock.now);
  const sent: QueueMessage[] = [];
  const deadLetters: QueueMessage[] = [];
  const spans: { from: string; to: string }[] = [];
  let usedMs = 0;
  const call = (orderId: string, done: () => void) => {
    usedMs += queueCallMs;
    if (refused.includes(orderId)) {
      return Promise.reject(new Error('SQS throttles'));
    }
    done();
    return Promise.resolve();
  };
  const metered = meteredTables(tables, () => (usedMs += listingMs));
  const handler = createHandler({
    ...basics,
    tables: metered.tables,
    queues: {
      messagesInQueue: () => Promise.resolve(waiting),
      send: (message) => call(message.order_id, () => sent.push(message)),
      deadLetter: (message) => call(message.order_id, () => deadLetters.push(message)),
    },
    executions: {
      async *endedBadly(span) {
        spans.push(span);
        if (executionsHang) {
          await new Promise<never>(() => undefined);
        }
        const isIn = ({ endedAt = LONG_AGO }: { readonly endedAt?: string }) =>
          endedAt >= span.from && endedAt <= span.to;
        yield* await Promise.resolve(badEnds.filter(isIn).map((badEnd) => [badEnd]));
      },
      input: (executionArn) => Promise.resolve(inputs[executionArn]),
      isIssued: (orderId) => issued.includes(orderId),
    },
    settings: { stuckAfterSeconds: 900, maxRequeues: 3 },
  });
  return {
    clock,
    tables,
    basics,
    sent,
    deadLetters,
    spans,
    rowReads: metered.rowReads,
    listings: metered.listings,
    handler: () => {
      usedMs = 0;
      return handler({}, { getRemainingTimeInMillis: () => 60_000 - usedMs });
    },
  };
}
