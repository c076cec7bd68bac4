import { describe, expect, it, vi } from 'vitest';
import type { FunctionRunner } from '../engines.ts';
import type { FunctionPermission, ScheduleDescription } from '../stack-description.ts';
import { rateMs } from './rate.ts';
import { startSchedules } from './schedules.ts';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:sweep';
const schedule: ScheduleDescription = {
  name: 'sweep',
  arn: 'arn:aws:events:us-east-1:123456789012:rule/sweep',
  scheduleExpression: 'rate(5 minutes)',
  targetArn: FUNCTION_ARN,
};
const permission: FunctionPermission = {
  functionName: 'sweep',
  action: 'lambda:InvokeFunction',
  principal: 'events.amazonaws.com',
  sourceArn: schedule.arn,
};

function startBench(
  schedules: readonly ScheduleDescription[],
  invoke: FunctionRunner['invoke'],
  functionPermissions: readonly FunctionPermission[] = [permission],
) {
  const timers: { readonly ms: number; readonly callback: () => void }[] = [];
  const problems: string[] = [];
  const running = startSchedules({
    stack: { schedules, functionPermissions, accountId: '123456789012', region: 'us-east-1' },
    functions: { invoke },
    clock: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    randomUuid: () => 'id',
    every: (ms, callback) => {
      timers.push({ ms, callback });
      return () => timers.splice(0);
    },
    onProblem: ({ detail }) => problems.push(detail),
  });
  return { running, timers, problems, tick: () => timers.forEach(({ callback }) => callback()) };
}

const fine = { payload: 'null', billedMs: 1, requestId: 'r' };

describe('a schedule', () => {
  it('invokes its function at its rate, with EventBridge’s event', async () => {
    // Prepare
    const events: unknown[] = [];
    const bench = startBench([schedule], (arn, payload) => {
      events.push([arn, JSON.parse(payload)]);
      return Promise.resolve(fine);
    });

    // Act
    bench.tick();
    await vi.waitUntil(() => events.length === 1);

    // Assess
    expect(bench.timers.map(({ ms }) => ms)).toEqual([300_000]);
    expect(events[0]).toEqual([
      FUNCTION_ARN,
      {
        version: '0',
        id: 'id',
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '123456789012',
        time: '2026-01-02T03:04:05Z',
        region: 'us-east-1',
        resources: [schedule.arn],
        detail: {},
      },
    ]);
  });

  it('sends the input that it names', async () => {
    const payloads: string[] = [];
    const bench = startBench([{ ...schedule, input: '{"a":1}' }], (_, payload) => {
      payloads.push(payload);
      return Promise.resolve(fine);
    });

    bench.tick();
    await bench.running.close();

    expect(payloads).toEqual(['{"a":1}']);
    expect(bench.timers).toEqual([]);
  });

  it.each([
    [
      'the function fails',
      () => Promise.resolve({ ...fine, payload: '{"errorType":"E"}', functionError: 'Unhandled' as const }),
      [permission],
      'errorType',
    ],
    ['the function can’t be invoked', () => Promise.reject(new Error('gone')), [permission], 'gone'],
    [
      'EventBridge may not invoke it',
      () => Promise.resolve(fine),
      [],
      'no permission for events.amazonaws.com',
    ],
  ])('goes on where %s', async (_, invoke, permissions, detail) => {
    const bench = startBench([schedule], invoke, permissions);

    bench.tick();
    await vi.waitUntil(() => bench.problems.length === 1);
    bench.tick();
    await vi.waitUntil(() => bench.problems.length === 2);

    expect(bench.problems[0]).toContain(detail);
  });
});

it.each([
  ['rate(1 minute)', 60_000],
  ['rate(2 hours)', 7_200_000],
  ['rate(1 day)', 86_400_000],
  ['rate(0 minutes)', undefined],
  ['cron(0 12 * * ? *)', undefined],
  ['soon', undefined],
])('%s is every %s ms', (expression, expected) => {
  expect(rateMs(expression)).toBe(expected);
});
