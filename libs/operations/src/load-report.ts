import type { FailureSource } from '@dofs/orders/order';
import type { Finding } from './finding.ts';
import type { LoadPlan, LoadRun, OrderTrace } from './load-test.ts';
import { queueCheck, type QueueReading } from './queue-check.ts';
import {
  exactInterval,
  latencies,
  wilsonInterval,
  Z_95,
  type Interval,
  type Latencies,
} from './statistics.ts';

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** Everything that a load test found out; this object is what `--json` and the report file hold. */
export interface LoadReport {
  readonly test: string;
  readonly environment: string;
  readonly apiUrl: string;
  readonly startedAt: string;
  readonly plan: LoadPlan;
  readonly interrupted: boolean;
  readonly sent: number;
  readonly accepted: number;
  readonly refused: readonly { readonly message: string; readonly count: number }[];
  /** Sent, and stopped before the answer was there: whether the order was accepted isn't known. */
  readonly answerUnknown: number;
  readonly fulfilled: number;
  readonly failed: number;
  readonly failedBySource: Readonly<Partial<Record<FailureSource, number>>>;
  readonly unsettled: number;
  readonly unsettledOrders: readonly string[];
  readonly httpLatencyMs: Latencies | null;
  readonly endToEndMs: Latencies | null;
  /** Accepted orders a second while sending, and orders a second that reached their end over the whole run. */
  readonly throughput: { readonly acceptedPerSecond: number; readonly settledPerSecond: number };
  readonly successRate: SuccessRate;
  /** The queues when following ended, and before the first order. */
  readonly queues: Finding<readonly QueueReading[]>;
  readonly checks: readonly Check[];
  readonly passed: boolean;
  readonly durationMs: number;
  readonly traces: readonly OrderTrace[];
}

export interface SuccessRate {
  /** Fulfilled, of the orders that fulfilment decided on; null without any. */
  readonly observed: number | null;
  readonly decided: number;
  /** Wilson's, to show how sure the observed rate is. */
  readonly interval95: Interval | null;
  /** The exact one, to judge by. */
  readonly interval999: Interval | null;
  readonly configured: Finding<number>;
  /**
   * Whether the setting lies in the 99.9 % interval: a sound system fails this check in at most one run of a
   * thousand, where the 95 % interval would fail one of twenty. Null where nothing can be said.
   */
  readonly fits: boolean | null;
}

export interface ReportContext {
  readonly test: string;
  readonly environment: string;
  readonly apiUrl: string;
  readonly plan: LoadPlan;
  readonly configuredRate: Finding<number>;
  readonly queues: Finding<readonly QueueReading[]>;
}

/** Adds a run up and judges it. */
export function loadReport(run: LoadRun, context: ReportContext): LoadReport {
  const { traces } = run;
  const accepted = traces.filter(({ orderId }) => orderId !== undefined);
  const settled = accepted.filter(({ outcome }) => outcome !== undefined);
  const unsettledOrders = accepted.flatMap(({ orderId, outcome }) =>
    orderId !== undefined && outcome === undefined ? [orderId] : [],
  );
  const facts = {
    test: context.test,
    environment: context.environment,
    apiUrl: context.apiUrl,
    startedAt: run.startedAt,
    plan: context.plan,
    interrupted: run.interrupted,
    sent: traces.length,
    accepted: accepted.length,
    refused: refusals(traces),
    answerUnknown: traces.filter(({ answerUnknown }) => answerUnknown === true).length,
    fulfilled: settled.filter(({ outcome }) => outcome === 'FULFILLED').length,
    failed: settled.filter(({ outcome }) => outcome === 'FAILED').length,
    failedBySource: failuresBySource(traces),
    unsettled: unsettledOrders.length,
    unsettledOrders,
    httpLatencyMs: latencies(traces.flatMap(httpLatency)) ?? null,
    endToEndMs: latencies(traces.flatMap(({ endToEndMs }) => endToEndMs ?? [])) ?? null,
    throughput: {
      acceptedPerSecond: perSecond(accepted.length, run.sendingMs),
      settledPerSecond: perSecond(settled.length, lastSettledMs(settled)),
    },
    successRate: successRate(traces, context.configuredRate),
    queues: context.queues,
    durationMs: run.durationMs,
  };
  const checks = checksOf(facts);
  return { ...facts, checks, passed: !run.interrupted && checks.every(({ passed }) => passed), traces };
}

function httpLatency({ sentMs, answeredMs }: OrderTrace): readonly number[] {
  return sentMs === undefined || answeredMs === undefined ? [] : [answeredMs - sentMs];
}

function lastSettledMs(settled: readonly OrderTrace[]): number {
  return settled.reduce((last, { settledMs }) => Math.max(last, settledMs ?? 0), 0);
}

function perSecond(count: number, durationMs: number): number {
  return durationMs <= 0 ? 0 : count / (durationMs / 1000);
}

function refusals(traces: readonly OrderTrace[]): LoadReport['refused'] {
  const counts = new Map<string, number>();
  for (const { refusal } of traces) {
    if (refusal !== undefined) {
      counts.set(refusal.message, (counts.get(refusal.message) ?? 0) + 1);
    }
  }
  return [...counts].map(([message, count]) => ({ message, count }));
}

function failuresBySource(traces: readonly OrderTrace[]): LoadReport['failedBySource'] {
  const counts: Partial<Record<FailureSource, number>> = {};
  for (const { failureSource } of traces) {
    if (failureSource !== undefined) {
      counts[failureSource] = (counts[failureSource] ?? 0) + 1;
    }
  }
  return counts;
}

const JUDGED_CONFIDENCE = 0.999;

/** An order that the machinery failed says nothing about how often fulfilment agrees. */
function successRate(traces: readonly OrderTrace[], configured: Finding<number>): SuccessRate {
  const fulfilled = traces.filter(({ outcome }) => outcome === 'FULFILLED').length;
  const refused = traces.filter(({ failureSource }) => failureSource === 'fulfillment').length;
  const decided = fulfilled + refused;
  const judged = exactInterval(fulfilled, decided, JUDGED_CONFIDENCE);
  return {
    observed: decided === 0 ? null : fulfilled / decided,
    decided,
    interval95: wilsonInterval(fulfilled, decided, Z_95) ?? null,
    interval999: judged ?? null,
    configured,
    fits:
      configured.known && judged !== undefined
        ? judged.low <= configured.value && configured.value <= judged.high
        : null,
  };
}

type Facts = Omit<LoadReport, 'checks' | 'passed' | 'traces'>;

function checksOf(facts: Facts): readonly Check[] {
  const technical = Object.entries(facts.failedBySource).filter(([source]) => source !== 'fulfillment');
  const checks: Check[] = [
    {
      name: 'every order accepted',
      passed: facts.accepted === facts.plan.orders,
      detail: `${facts.accepted} of ${facts.plan.orders}`,
    },
    {
      name: 'every accepted order reached its end',
      passed: facts.unsettled === 0,
      detail: `${facts.accepted - facts.unsettled} of ${facts.accepted}`,
    },
    {
      name: 'no order failed for a technical reason',
      passed: technical.length === 0,
      detail: technical.length === 0 ? 'none' : technical.map(([source, n]) => `${source}: ${n}`).join(', '),
    },
  ];
  checks.push(...rateCheck(facts.successRate));
  if (facts.queues.known) {
    checks.push(queueCheck(facts.queues.value));
  }
  return checks;
}

/** None where the setting isn't known or nothing was decided. */
function rateCheck({ observed, interval999, configured, fits }: SuccessRate): readonly Check[] {
  if (fits === null || !configured.known || observed === null || interval999 === null) {
    return [];
  }
  const range = `${percent(interval999.low)} to ${percent(interval999.high)}`;
  const detail = `set to ${percent(configured.value)}; ${percent(observed)} seen, 99.9 % interval ${range}`;
  return [{ name: 'the success rate fits its setting', passed: fits, detail }];
}

/** `0.7` -> `70.0 %` */
export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}
