import { isTerminal } from '@dofs/orders/life-cycle';
import { getOrder, settledAt, type OrderView } from './get-order.ts';
import type { OrderTrace } from './load-test.ts';
import { OperationError } from './operation-error.ts';
import { ORDER_BACKOFF, pause, waitMs } from './poll.ts';
import type { Target } from './target.ts';

export interface Following {
  readonly settleTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the run began. */
  readonly now: () => number;
  readonly report: () => void;
  readonly isSending: () => boolean;
}

/** Looks under way at once; the API is what is measured, so looking must not be the load. */
const LOOKS_AT_ONCE = 10;
const IDLE_MS = 25;

interface Look {
  count: number;
  dueMs: number;
}

/**
 * Follows every accepted order to its end, until all are there, none has got there for the settle timeout, or the
 * signal says stop. New traces may join while it runs. What it learns is written into the traces.
 */
export async function followOrders(
  target: Target,
  traces: readonly OrderTrace[],
  following: Following,
): Promise<void> {
  const looks = new Map<OrderTrace, Look>();
  let lastNewsMs = following.now();
  while (!following.signal.aborted) {
    const pending = traces.filter(({ orderId, outcome }) => orderId !== undefined && outcome === undefined);
    if (following.isSending()) {
      lastNewsMs = following.now();
    } else if (pending.length === 0 || following.now() - lastNewsMs > following.settleTimeoutMs) {
      return;
    }
    const due = pending.filter((trace) => dueMs(looks, trace) <= following.now()).slice(0, LOOKS_AT_ONCE);
    const settled = await Promise.all(due.map((trace) => lookAt(target, trace, looks, following)));
    if (settled.includes(true)) {
      lastNewsMs = following.now();
      following.report();
    }
    if (due.length === 0) {
      await pauseOrStop(following.signal);
    }
  }
}

/** The first look comes a moment after the answer: no order is done before. */
function dueMs(looks: ReadonlyMap<OrderTrace, Look>, trace: OrderTrace): number {
  return looks.get(trace)?.dueMs ?? (trace.answeredMs ?? 0) + ORDER_BACKOFF.firstMs;
}

async function lookAt(
  target: Target,
  trace: OrderTrace,
  looks: Map<OrderTrace, Look>,
  following: Following,
): Promise<boolean> {
  const count = (looks.get(trace)?.count ?? 0) + 1;
  try {
    const order = await getOrder(target, trace.orderId ?? '', following.signal);
    delete trace.lookError;
    if (isTerminal(order.status)) {
      settle(trace, order, following.now());
      return true;
    }
  } catch (error) {
    if (following.signal.aborted) {
      return false;
    }
    if (!(error instanceof OperationError)) {
      throw error;
    }
    trace.lookError = error.message;
  }
  looks.set(trace, { count, dueMs: following.now() + waitMs(ORDER_BACKOFF, count) });
  return false;
}

function settle(trace: OrderTrace, order: OrderView, nowMs: number): void {
  const end = settledAt(order);
  trace.outcome = order.status === 'FULFILLED' ? 'FULFILLED' : 'FAILED';
  trace.settledMs = nowMs;
  if (end !== undefined && order.created_at !== undefined) {
    trace.endToEndMs = Date.parse(end) - Date.parse(order.created_at);
  }
  if (order.failure_source !== undefined) {
    trace.failureSource = order.failure_source;
  }
  if (order.failure_reason !== undefined) {
    trace.failureReason = order.failure_reason;
  }
}

async function pauseOrStop(signal: AbortSignal): Promise<void> {
  await pause(IDLE_MS, signal).catch((error: unknown) => {
    if (!signal.aborted) {
      throw error;
    }
  });
}
