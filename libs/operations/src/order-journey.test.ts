import { describe, expect, it } from 'vitest';
import type { WorkflowEvent } from './executions.ts';
import type { OrderView } from './get-order.ts';
import { OperationError } from './operation-error.ts';
import { followJourney, type JourneyOptions, type JourneyPorts, type JourneyStep } from './order-journey.ts';
import type { LogLine } from './order-logs.ts';

const at = (second: number) => `2026-03-01T10:00:0${second}.000Z`;
const started: WorkflowEvent = { at: at(0), kind: 'started', state: '', detail: '' };
const done = (state: string, second: number): WorkflowEvent => ({
  at: at(second),
  kind: 'state-done',
  state,
  detail: '',
});
const line = (message: string, attempt: number, second: number): LogLine => ({
  at: at(second),
  source: 'fulfill-order',
  text: '',
  fields: { message, attempt },
});
const processing: OrderView = { order_id: 'x', status: 'PROCESSING' };
const fulfilled: OrderView = { order_id: 'x', status: 'FULFILLED', fulfilled_at: at(5) };

/** What the order looks like at each look; the last one stays. */
function lookingAt(
  orders: readonly [OrderView, ...OrderView[]],
  ports: Omit<JourneyPorts, 'getOrder'>,
): JourneyPorts {
  const left = [...orders];
  return {
    ...ports,
    getOrder: () => Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? orders[0]),
  };
}

function options(changes: Partial<JourneyOptions> = {}): JourneyOptions {
  return {
    signal: new AbortController().signal,
    timeoutMs: 1000,
    intervalMs: 1,
    logWaitMs: 0,
    now: () => performance.now(),
    ...changes,
  };
}

async function stepsOf(
  ports: JourneyPorts,
  changes: Partial<JourneyOptions> = {},
): Promise<readonly JourneyStep[]> {
  const steps: JourneyStep[] = [];
  for await (const step of followJourney(ports, options(changes))) {
    steps.push(step);
  }
  return steps;
}

describe("an order's journey", () => {
  it('tells each step once, the outcome last', async () => {
    // Prepare
    const events = [started];
    const ports = lookingAt([processing, processing, fulfilled], {
      workflowEvents: () => {
        events.push(
          done(
            ['ValidateOrder', 'StoreOrder', 'SendToQueue'][events.length - 1] ?? 'CheckStorage',
            events.length,
          ),
        );
        return Promise.resolve([...events]);
      },
      logLines: () => Promise.resolve([line('order fulfilled', 1, 4)]),
    });

    // Act
    const steps = await stepsOf(ports);

    // Assess
    const kinds = steps.map(({ step }) => step);
    expect(kinds.toSorted()).toEqual(['accepted', 'attempt', 'fulfilled', 'queued', 'stored', 'validated']);
    expect(kinds.at(-1)).toBe('fulfilled');
    expect(steps.find(({ step }) => step === 'attempt')?.detail).toContain('attempt 1');
  });

  it('tells what the functions logged where the workflow keeps no history', async () => {
    // Prepare
    const lines = [
      { ...line('order validated', 1, 1), source: 'validator' },
      { ...line('order stored', 1, 2), source: 'order-storage' },
      line('order fulfilled', 1, 4),
    ];
    const noHistory = () =>
      Promise.reject(new OperationError('not-found', 'no such execution', 'look elsewhere'));
    const ports = lookingAt([fulfilled], {
      workflowEvents: noHistory,
      logLines: () => Promise.resolve(lines),
    });

    // Act
    const steps = await stepsOf(ports);

    // Assess
    expect(steps.map(({ step }) => step)).toEqual(['validated', 'stored', 'attempt', 'fulfilled']);
  });

  it('says at once that validation refused the order', async () => {
    // Prepare
    const output = { validation: { result: { valid: false, reason: 'at most 100 units' } } };
    const refused: OrderView = {
      ...processing,
      status: 'FAILED',
      failure_source: 'validation',
      failure_reason: 'at most 100 units',
    };
    const ports = lookingAt([processing, refused], {
      workflowEvents: () => Promise.resolve([started, { ...done('ValidateOrder', 1), output }]),
    });

    // Act
    const steps = await stepsOf(ports);

    // Assess
    expect(steps.find(({ step }) => step === 'validated')?.detail).toBe('refused: at most 100 units');
  });

  it('never tells the outcome with an earlier time than the attempt that brought it', async () => {
    // Prepare
    const logLines = () => Promise.resolve([line('order fulfilled', 1, 7)]);

    // Act
    const steps = await stepsOf(lookingAt([fulfilled], { logLines }));

    // Assess
    expect(steps.map(({ at: time }) => time)).toEqual([at(7), at(7)]);
  });

  it('waits for log lines that come late', async () => {
    // Prepare
    let looks = 0;
    const logLines = () => Promise.resolve(++looks < 3 ? [] : [line('order fulfilled', 1, 4)]);

    // Act
    const steps = await stepsOf(lookingAt([fulfilled], { logLines }), { logWaitMs: 5000 });

    // Assess
    expect(steps.map(({ step }) => step)).toEqual(['attempt', 'fulfilled']);
  });

  it('goes on without what it can not see, and says so once', async () => {
    // Prepare
    const noRight = () => Promise.reject(new OperationError('credentials', 'not allowed', 'ask'));
    const ports = lookingAt([processing, processing, fulfilled], { logLines: noRight });

    // Act
    const steps = await stepsOf(ports, { logWaitMs: 60_000 });

    // Assess
    expect(steps.map(({ step }) => step)).toEqual(['note', 'fulfilled']);
  });

  it('does not wait for attempts of an order that never reached the queue', async () => {
    // Prepare
    const refused: OrderView = {
      ...processing,
      status: 'FAILED',
      failure_source: 'validation',
      failure_reason: 'a rule',
    };

    // Act
    const ports = lookingAt([refused], { logLines: () => Promise.resolve([]) });
    const steps = await stepsOf(ports, { logWaitMs: 60_000 });

    // Assess
    expect(steps).toMatchObject([{ step: 'failed', detail: 'FAILED in validation: a rule' }]);
  });

  it('gives up after its time', async () => {
    // Act
    const steps = stepsOf(lookingAt([processing], {}), { timeoutMs: 5 });

    // Assess
    await expect(steps).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('ends when it is stopped', async () => {
    // Prepare
    const stop = new AbortController();
    const reason = new Error('stopped');
    const steps = stepsOf(lookingAt([processing], {}), { signal: stop.signal, intervalMs: 60_000 });

    // Act
    stop.abort(reason);

    // Assess
    await expect(steps).rejects.toBe(reason);
  });
});
