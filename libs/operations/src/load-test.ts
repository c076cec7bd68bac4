import type { OrderRequest } from '@dofs/orders/order-request';
import type { FailureSource } from '@dofs/orders/order';
import { followOrders } from './follow-orders.ts';
import { OperationError, type OperationErrorKind } from './operation-error.ts';
import { pause } from './poll.ts';
import { submitOrder } from './submit-order.ts';
import type { Target } from './target.ts';

/** How much to send, and how fast. */
export interface LoadPlan {
  readonly orders: number;
  /** Orders in submission at once. */
  readonly concurrency: number;
  /** Orders a second at most; absent: as fast as the concurrency allows. */
  readonly ratePerSecond?: number;
  /** Milliseconds without any order reaching its end, after which the rest counts as unsettled. */
  readonly settleTimeoutMs: number;
}

/** What became of one order. Times are milliseconds since the run began, by this machine's clock. */
export interface OrderTrace {
  readonly index: number;
  sentMs?: number;
  answeredMs?: number;
  orderId?: string;
  refusal?: { readonly kind: OperationErrorKind; readonly message: string };
  /** The run was stopped before the answer was there. */
  answerUnknown?: true;
  outcome?: 'FULFILLED' | 'FAILED';
  /** When the end was seen, which is later than it was reached by up to one look. */
  settledMs?: number;
  /** From `created_at` to the end, both by the system's clock. */
  endToEndMs?: number;
  failureSource?: FailureSource;
  failureReason?: string;
  /** Why the last look at the order failed, where it did. */
  lookError?: string;
}

export interface LoadProgress {
  readonly planned: number;
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
  readonly fulfilled: number;
  readonly failed: number;
}

export interface LoadRun {
  readonly startedAt: string;
  /** Milliseconds until the last answer to a submission. */
  readonly sendingMs: number;
  /** Milliseconds until the last order's end was seen, or the run was given up. */
  readonly durationMs: number;
  readonly interrupted: boolean;
  readonly traces: readonly OrderTrace[];
}

export interface LoadHooks {
  /** Aborted: send no more, stop following, and report what is known. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** How long a run that is stopped waits for answers that are under way, in milliseconds. */
  readonly answerGraceMs: number;
  /** The run was stopped, and waits for so many answers. */
  readonly onStopping: (unanswered: number) => void;
}

/**
 * Sends orders and follows each to its end.
 * @param orderOf the n-th order
 * @throws OperationError when nothing can be sent at all: the API is unreachable or refuses the credentials
 */
export async function runLoad(
  target: Target,
  plan: LoadPlan,
  orderOf: (index: number) => OrderRequest,
  hooks: LoadHooks,
): Promise<LoadRun> {
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  const now = () => performance.now() - begin;
  const traces: OrderTrace[] = [];
  const report = () => hooks.onProgress(progressOf(plan, traces));
  let sending = true;
  let sendingMs = 0;
  const givenUp = new AbortController();
  const stop = AbortSignal.any([hooks.signal, givenUp.signal]);
  const unanswered = () => traces.filter(({ answeredMs }) => answeredMs === undefined).length;
  const cutOff = cutOffAfterStop(hooks, unanswered);
  const run = { traces, now, stop, cutOff: cutOff.signal, report };
  const send = sendAll(target, plan, orderOf, run).finally(() => {
    sending = false;
    sendingMs = now();
    cutOff.release();
  });
  const follow = followOrders(target, traces, {
    settleTimeoutMs: plan.settleTimeoutMs,
    signal: stop,
    now,
    report,
    isSending: () => sending,
  });
  try {
    await Promise.all([send, follow]);
  } catch (error) {
    givenUp.abort(error);
    await Promise.allSettled([send, follow]);
    throw error;
  }
  return { startedAt, sendingMs, durationMs: now(), interrupted: hooks.signal.aborted, traces };
}

/** A signal that is aborted when the time for answers that are under way at a stop is over. */
function cutOffAfterStop(
  { signal, answerGraceMs, onStopping }: LoadHooks,
  unanswered: () => number,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const cutOff = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const onStop = () => {
    const count = unanswered();
    if (count > 0) {
      onStopping(count);
      grace = setTimeout(() => cutOff.abort(), answerGraceMs);
    }
  };
  signal.addEventListener('abort', onStop, { once: true });
  const release = () => {
    clearTimeout(grace);
    signal.removeEventListener('abort', onStop);
  };
  return { signal: cutOff.signal, release };
}

interface Sending {
  readonly traces: OrderTrace[];
  readonly now: () => number;
  readonly stop: AbortSignal;
  /** Aborted some time after `stop`: answers that are not there by then are not waited for. */
  readonly cutOff: AbortSignal;
  readonly report: () => void;
}

async function sendAll(
  target: Target,
  plan: LoadPlan,
  orderOf: (index: number) => OrderRequest,
  run: Sending,
): Promise<void> {
  let next = 0;
  const sender = async () => {
    while (next < plan.orders && !run.stop.aborted) {
      const index = next++;
      if (!(await slotReached(plan, index, run))) {
        return;
      }
      await sendOne(target, { index, sentMs: run.now() }, orderOf(index), run);
    }
  };
  await Promise.all(Array.from({ length: Math.min(plan.concurrency, plan.orders) }, sender));
}

/** Waits for the order's turn under the rate. False: the run was stopped meanwhile. */
async function slotReached(plan: LoadPlan, index: number, run: Sending): Promise<boolean> {
  const early = plan.ratePerSecond === undefined ? 0 : (index / plan.ratePerSecond) * 1000 - run.now();
  if (early <= 0) {
    return true;
  }
  await pause(early, run.stop).catch((error: unknown) => {
    if (!run.stop.aborted) {
      throw error;
    }
  });
  return !run.stop.aborted;
}

/** A submission under way gets time for its answer: its order may have been accepted, and belongs in the report then. */
async function sendOne(target: Target, trace: OrderTrace, order: OrderRequest, run: Sending): Promise<void> {
  run.traces.push(trace);
  try {
    const submitted = await submitOrder(target, JSON.stringify(order), { signal: run.cutOff });
    trace.orderId = submitted.orderId;
  } catch (error) {
    if (run.cutOff.aborted) {
      trace.answerUnknown = true;
      return;
    }
    if (!(error instanceof OperationError) || isHopeless(error, run.traces)) {
      throw error;
    }
    trace.refusal = { kind: error.kind, message: error.message };
  }
  trace.answeredMs = run.now();
  run.report();
}

function isHopeless(error: OperationError, traces: readonly OrderTrace[]): boolean {
  const hopeless: readonly OperationErrorKind[] = ['unreachable', 'credentials', 'not-found'];
  return hopeless.includes(error.kind) && !traces.some(({ orderId }) => orderId !== undefined);
}

function progressOf(plan: LoadPlan, traces: readonly OrderTrace[]): LoadProgress {
  const count = (holds: (trace: OrderTrace) => boolean) => traces.filter(holds).length;
  return {
    planned: plan.orders,
    sent: traces.length,
    accepted: count(({ orderId }) => orderId !== undefined),
    refused: count(({ refusal }) => refusal !== undefined),
    fulfilled: count(({ outcome }) => outcome === 'FULFILLED'),
    failed: count(({ outcome }) => outcome === 'FAILED'),
  };
}
