import { brokenRule } from '@dofs/orders/order-rules';
import type { FailedOrder, Order } from '@dofs/orders/order';
import { messageOf } from '@dofs/orders/message-of-order';
import { IN_THE_MAKING_SECONDS, writeMissingRow } from '@dofs/order-tables/missing-row';
import type { OrderTables } from '@dofs/order-tables/order-tables';

/**
 * Redrive gives a failed order another attempt, in three steps:
 *
 * 1. FAILED -> PROCESSING with the next attempt, one conditional write that also notes who asked and when;
 * 2. the message of that attempt goes to the order queue;
 * 3. the row of the attempt that failed leaves failed_orders.
 *
 * Should the row of that failure be missing (whoever failed the order was cut short), it is written first, unless
 * whoever failed the order may still be writing it: a row that comes after step 3 would stay. Stopped
 * after any of the steps, the row is still there (or everything is done), and running it again goes on from
 * where it stopped: an order that is PROCESSING while a row of an earlier attempt exists was stopped between 1 and
 * 3, and gets 2 and 3 again. A second message of one attempt does no harm, since only the first to settle an
 * attempt has an effect. Step 3 removes the row of the failed attempt only: should the new attempt have failed
 * already, its row stays.
 */
export interface RedrivePorts {
  readonly tables: Pick<
    OrderTables,
    'getOrder' | 'getFailedOrder' | 'putFailedOrder' | 'reopenOrder' | 'deleteFailedOrder'
  >;
  /** Sends one message to the order queue. */
  readonly send: (body: string) => Promise<void>;
  /** ISO 8601. */
  readonly now: () => string;
  /** Who asks; kept on the order. */
  readonly by: string;
}

/** What is to be done about a failed order. */
export type RedrivePlan =
  /** Begin a new attempt, once the failure has its row. */
  | { readonly action: 'redrive'; readonly order: Order; readonly isRecorded: boolean }
  /** Go on with a redrive that was stopped half-way. */
  | { readonly action: 'resume'; readonly order: Order; readonly failedAttempt: number }
  /** Remove the row: the order is FULFILLED. */
  | { readonly action: 'clear'; readonly failedAttempt: number }
  | { readonly action: 'skip'; readonly reason: string };

export interface RedriveResult {
  readonly orderId: string;
  readonly action: RedrivePlan['action'];
  /** The attempt that was begun or resumed. */
  readonly attempt?: number;
  /** Why it was skipped. */
  readonly reason?: string;
}

/**
 * Decides from what the tables hold.
 * @param row the row of failed_orders, read before the order
 * @param now ISO 8601
 */
export function planRedrive(
  row: FailedOrder | undefined,
  order: Order | undefined,
  now: string,
): RedrivePlan {
  if (order === undefined) {
    const reason =
      row === undefined ? 'no such order' : 'it names no stored order, so there is nothing to fulfil';
    return { action: 'skip', reason };
  }
  if (order.status === 'FAILED') {
    return planForFailed(row, order, now);
  }
  if (row === undefined) {
    return { action: 'skip', reason: `it is ${order.status}, not FAILED` };
  }
  const failedAttempt = row.attempts ?? order.attempts;
  return order.status === 'FULFILLED'
    ? { action: 'clear', failedAttempt }
    : { action: 'resume', order, failedAttempt };
}

function planForFailed(row: FailedOrder | undefined, order: Order, now: string): RedrivePlan {
  const rule = brokenRule(order);
  if (rule !== undefined) {
    return { action: 'skip', reason: `it breaks a rule and would fail again: ${rule}` };
  }
  // The row of an earlier attempt is no record of this failure.
  const isRecorded = row !== undefined && (row.attempts ?? order.attempts) >= order.attempts;
  const age = Date.parse(now) - Date.parse(order.updated_at);
  return isRecorded || age >= IN_THE_MAKING_SECONDS * 1_000
    ? { action: 'redrive', order, isRecorded }
    : { action: 'skip', reason: 'its failure is still being recorded: try again in a minute' };
}

/** What `redriveOrder` would do now, by the clock of this machine, without doing it. */
export async function previewRedrive(
  tables: Pick<OrderTables, 'getOrder' | 'getFailedOrder'>,
  orderId: string,
): Promise<RedrivePlan> {
  return planFor({ tables, now: () => new Date().toISOString() }, orderId);
}

async function planFor(
  { tables, now }: { tables: Pick<OrderTables, 'getOrder' | 'getFailedOrder'>; now: () => string },
  orderId: string,
): Promise<RedrivePlan> {
  // In this order: a row that is there now belongs to an order that was FAILED before it is read.
  const row = await tables.getFailedOrder(orderId);
  return planRedrive(row, await tables.getOrder(orderId), now());
}

/** Others may redrive the same order; each look that finds it changed, or its row missing, decides anew. */
const LOOKS = 4;

/** Redrives one order, or finishes a redrive that was stopped. May be repeated at will. */
export async function redriveOrder(ports: RedrivePorts, orderId: string): Promise<RedriveResult> {
  for (let look = 0; look < LOOKS; look++) {
    const plan = await planFor(ports, orderId);
    switch (plan.action) {
      case 'skip':
        return { orderId, action: 'skip', reason: plan.reason };
      case 'clear':
        await ports.tables.deleteFailedOrder({ orderId, attempt: plan.failedAttempt });
        return { orderId, action: 'clear' };
      case 'resume':
        await sendAndClear(ports, plan.order, plan.failedAttempt);
        return { orderId, action: 'resume', attempt: plan.order.attempts };
      case 'redrive': {
        if (!plan.isRecorded) {
          // Without its row a redrive that is stopped could not be gone on with.
          await writeMissingRow(ports.tables, plan.order);
          break;
        }
        const reopened = await reopen(ports, plan.order);
        if (reopened !== undefined) {
          await sendAndClear(ports, reopened, plan.order.attempts);
          return { orderId, action: 'redrive', attempt: reopened.attempts };
        }
      }
    }
  }
  return { orderId, action: 'skip', reason: 'others keep changing it: try again' };
}

/** Undefined: the order is no longer what was read. */
async function reopen(ports: RedrivePorts, order: Order): Promise<Order | undefined> {
  const transition = await ports.tables.reopenOrder(order, { at: ports.now(), by: ports.by });
  return transition.done ? transition.order : undefined;
}

async function sendAndClear(ports: RedrivePorts, order: Order, failedAttempt: number): Promise<void> {
  await ports.send(JSON.stringify(messageOf(order)));
  await ports.tables.deleteFailedOrder({ orderId: order.order_id, attempt: failedAttempt });
}
