import { isTerminal } from '@dofs/orders/life-cycle';
import type { WorkflowEvent } from './executions.ts';
import { settledAt, type OrderView } from './get-order.ts';
import { OperationError } from './operation-error.ts';
import type { LogLine } from './order-logs.ts';
import { pause } from './poll.ts';

/** One thing that happened to an order on its way. */
export interface JourneyStep {
  /** ISO 8601; by the part of the system that did it. */
  readonly at: string;
  readonly step:
    | 'accepted'
    | 'validated'
    | 'stored'
    | 'queued'
    | 'attempt'
    | 'trouble'
    | 'fulfilled'
    | 'failed'
    /** Part of the path can't be seen here. */
    | 'note';
  readonly detail: string;
}

export interface JourneyPorts {
  readonly getOrder: () => Promise<OrderView>;
  /** Absent where AWS is not to be asked. */
  readonly workflowEvents?: () => Promise<readonly WorkflowEvent[]>;
  /** The functions' log lines that name the order. */
  readonly logLines?: () => Promise<readonly LogLine[]>;
}

export interface JourneyOptions {
  readonly signal: AbortSignal;
  /** Milliseconds after which an order that has not reached its end is given up. */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** How long to wait for log lines after the end, in milliseconds: CloudWatch shows them late. */
  readonly logWaitMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** States of the workflow whose end is a step of the journey. */
const STEP_OF_STATE: Readonly<Record<string, JourneyStep['step']>> = {
  ValidateOrder: 'validated',
  StoreOrder: 'stored',
  SendToQueue: 'queued',
};

/** Functions that consume the queues: each of their lines is an attempt's end. */
const ATTEMPT_SOURCES: readonly string[] = ['fulfill-order', 'dlq-handler'];

/** Functions that the workflow runs, or that start it: their lines stand in where it keeps no history (EXPRESS). */
const STEP_OF_SOURCE: Readonly<Record<string, JourneyStep['step']>> = {
  'api-handler': 'accepted',
  validator: 'validated',
  'order-storage': 'stored',
};

/**
 * Follows an order to its end: yields each step once, as soon as it is known, and the outcome last.
 * @returns the order at its end
 * @throws OperationError `timeout`; `not-found` for an unknown id; the signal's reason when aborted
 */
export async function* followJourney(
  ports: JourneyPorts,
  options: JourneyOptions,
): AsyncGenerator<JourneyStep, OrderView> {
  const seen = new Set<string>();
  const deadline = options.now() + options.timeoutMs;
  let order = await ports.getOrder();
  while (!isTerminal(order.status)) {
    yield* unseen(seen, await stepsSoFar(ports));
    if (options.now() > deadline) {
      throw new OperationError(
        'timeout',
        `the order is still ${order.status} after ${options.timeoutMs / 1000} s`,
        'see dofs logs with its id, and dofs status',
      );
    }
    await pause(options.intervalMs, options.signal);
    order = await ports.getOrder();
  }
  const logDeadline = options.now() + options.logWaitMs;
  let steps = await stepsSoFar(ports);
  while (attemptMissing(ports, order, steps) && options.now() < logDeadline) {
    await pause(options.intervalMs, options.signal);
    steps = await stepsSoFar(ports);
  }
  const hasHistory = steps.some(({ step }) => step === 'accepted');
  yield* unseen(seen, hasHistory ? steps : await stepsSoFar(ports, standInSteps));
  yield outcome(order, steps);
  return order;
}

/** An order that validation or storage ended never had an attempt. */
function attemptMissing(ports: JourneyPorts, order: OrderView, steps: readonly JourneyStep[]): boolean {
  const fromQueue =
    order.status === 'FULFILLED' || ['fulfillment', 'sqs-dlq'].includes(order.failure_source ?? '');
  // A note says that something can't be seen, which waiting won't change.
  const isThere = steps.some(({ step }) => step === 'attempt' || step === 'note');
  return ports.logLines !== undefined && fromQueue && !isThere;
}

function* unseen(seen: Set<string>, steps: readonly JourneyStep[]): Generator<JourneyStep> {
  for (const step of steps) {
    const key = JSON.stringify(step);
    if (!seen.has(key)) {
      seen.add(key);
      yield step;
    }
  }
}

async function stepsSoFar(
  ports: JourneyPorts,
  readLines: (lines: readonly LogLine[]) => readonly JourneyStep[] = attemptSteps,
): Promise<readonly JourneyStep[]> {
  const [workflow, logged] = await Promise.all([
    stepsOf('the workflow', ports.workflowEvents, workflowSteps),
    stepsOf('the logs', ports.logLines, readLines),
  ]);
  return [...workflow, ...logged].sort((a, b) => a.at.localeCompare(b.at));
}

/** What can't be seen becomes a note: the order's end shows without it too. An execution may appear late. */
async function stepsOf<T>(
  what: string,
  lookUp: (() => Promise<readonly T[]>) | undefined,
  toSteps: (found: readonly T[]) => readonly JourneyStep[],
): Promise<readonly JourneyStep[]> {
  try {
    return lookUp === undefined ? [] : toSteps(await lookUp());
  } catch (error) {
    if (!(error instanceof OperationError)) {
      throw error;
    }
    return error.kind === 'not-found'
      ? []
      : [{ at: '', step: 'note', detail: `${what} can't be seen: ${error.message}` }];
  }
}

function workflowSteps(events: readonly WorkflowEvent[]): readonly JourneyStep[] {
  return events.flatMap(({ at, kind, state, detail, output }): JourneyStep[] => {
    switch (kind) {
      case 'started':
        return [{ at, step: 'accepted', detail: 'the workflow began' }];
      case 'task-failed':
        return [{ at, step: 'trouble', detail }];
      case 'execution-failed':
        return [{ at, step: 'trouble', detail: `the workflow failed: ${detail}` }];
      case 'state-done': {
        const step = STEP_OF_STATE[state];
        return step === undefined ? [] : [{ at, step, detail: brokenRuleIn(output) ?? `${state} is done` }];
      }
    }
  });
}

/** ValidateOrder is done too when it finds that the order breaks a rule: then its result says which. */
function brokenRuleIn(output: unknown): string | undefined {
  const result = memberOf(memberOf(output, 'validation'), 'result');
  const reason = memberOf(result, 'reason');
  return memberOf(result, 'valid') === false
    ? `refused: ${typeof reason === 'string' ? reason : 'it breaks a rule'}`
    : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function attemptSteps(lines: readonly LogLine[]): readonly JourneyStep[] {
  return lines.flatMap((line) => (ATTEMPT_SOURCES.includes(line.source) ? logStep(line, 'attempt') : []));
}

/** Attempts, and what the functions of the workflow said themselves. */
function standInSteps(lines: readonly LogLine[]): readonly JourneyStep[] {
  return lines.flatMap((line) => {
    const step = ATTEMPT_SOURCES.includes(line.source) ? 'attempt' : STEP_OF_SOURCE[line.source];
    return step === undefined ? [] : logStep(line, step);
  });
}

function logStep({ at, source, fields }: LogLine, step: JourneyStep['step']): readonly JourneyStep[] {
  const message = fields?.['message'];
  const attempt = fields?.['attempt'];
  if (typeof message !== 'string') {
    return [];
  }
  const which = typeof attempt === 'number' ? `attempt ${attempt}, ` : '';
  return [{ at, step, detail: `${which}${source}: ${message}` }];
}

/**
 * The order's own time is taken before it is stored, the attempt's line is logged after that. So that times don't
 * run backwards, the outcome, which comes last, is given the later of both.
 */
function outcome(order: OrderView, steps: readonly JourneyStep[]): JourneyStep {
  const attempts = steps.flatMap(({ step, at }) => (step === 'attempt' ? [at] : []));
  const at = [settledAt(order) ?? order.updated_at ?? '', ...attempts].reduce((a, b) => (a > b ? a : b));
  return order.status === 'FULFILLED'
    ? { at, step: 'fulfilled', detail: 'FULFILLED' }
    : {
        at,
        step: 'failed',
        detail: `FAILED in ${order.failure_source ?? '?'}: ${order.failure_reason ?? '?'}`,
      };
}
