import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsError, type Dispatch, type JsonObject } from '../service-call.ts';
import { DefinitionError, readDefinition } from './definition.ts';
import {
  answering,
  echo,
  EXECUTION_ARN,
  failingWith,
  FUNCTION,
  invoke,
  machineDescription,
  stepFunctions,
  type Fixture,
  type Setup,
} from './step-functions-fixture.ts';

describe('a state machine', () => {
  let open: Fixture[];
  beforeEach(() => {
    open = [];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(async () => {
    await Promise.all(open.map(({ service }) => service.close()));
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const create = (setup: Setup) => {
    const fixture = stepFunctions(setup);
    open.push(fixture);
    return fixture;
  };
  const status = async ({ send }: Fixture): Promise<JsonObject> =>
    send('DescribeExecution', { executionArn: `${EXECUTION_ARN}:one` });
  const never: Dispatch = () => new Promise(() => undefined);

  it('retries with growing delays up to the largest, then catches', async () => {
    // Prepare
    const lambda = answering(failingWith('CustomError'));
    const fixture = create({
      startAt: 'Work',
      states: {
        Work: invoke(undefined, {
          Retry: [
            {
              ErrorEquals: ['CustomError'],
              IntervalSeconds: 2,
              BackoffRate: 2,
              MaxAttempts: 3,
              MaxDelaySeconds: 5,
            },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Caught' }],
        }),
        Caught: { Type: 'Succeed' },
      },
      dispatch: lambda.dispatch,
    });
    const callsAfter = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return lambda.calls.length;
    };

    // Act
    await fixture.start('one', { order: 7 });
    const counts = [
      await callsAfter(1999),
      await callsAfter(1),
      await callsAfter(3999),
      await callsAfter(1),
      await callsAfter(4999),
      await callsAfter(1),
    ];

    // Assess
    expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
    expect(JSON.parse(String((await status(fixture))['output']))).toEqual({
      order: 7,
      error: { Error: 'CustomError', Cause: '{"errorType":"CustomError","errorMessage":"broken"}' },
    });
  });

  it('waits a random part of the delay with full jitter', async () => {
    // Prepare
    const lambda = answering(failingWith('CustomError'), echo);
    const retry = {
      ErrorEquals: ['States.TaskFailed'],
      IntervalSeconds: 4,
      MaxAttempts: 1,
      JitterStrategy: 'FULL',
    };
    const fixture = create({
      startAt: 'Work',
      states: { Work: invoke(undefined, { Retry: [retry] }) },
      dispatch: lambda.dispatch,
    });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(2100);

    // Assess
    expect(await status(fixture)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('gives up an attempt after TimeoutSeconds with States.Timeout, which States.TaskFailed is not', async () => {
    // Prepare
    const fixture = create({
      startAt: 'Work',
      states: {
        Work: invoke(undefined, { TimeoutSeconds: 3, Retry: [{ ErrorEquals: ['States.TaskFailed'] }] }),
      },
      dispatch: never,
    });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(2999);
    const before = await status(fixture);
    await vi.advanceTimersByTimeAsync(1);

    // Assess
    expect(before).toMatchObject({ status: 'RUNNING' });
    expect(await status(fixture)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('does not give up a task without a timeout', async () => {
    // Prepare
    const fixture = create({ startAt: 'Work', states: { Work: invoke(undefined) }, dispatch: never });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(86_400_000);

    // Assess
    expect(await status(fixture)).toMatchObject({ status: 'RUNNING' });
  });

  it.each([
    ['STANDARD', { TimeoutSeconds: 10 }, 10],
    ['STANDARD', {}, undefined],
  ] as const)('%s with %j ends TIMED_OUT after %s seconds', async (type, machine, seconds) => {
    // Prepare
    const fixture = create({
      startAt: 'Work',
      states: { Work: invoke(undefined) },
      machine,
      type,
      dispatch: never,
    });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync((seconds ?? 1000) * 1000);

    // Assess
    expect(await status(fixture)).toMatchObject(
      seconds === undefined ? { status: 'RUNNING' } : { status: 'TIMED_OUT' },
    );
  });

  it('of type EXPRESS ends after five minutes', async () => {
    // Prepare
    const fixture = create({
      startAt: 'Work',
      states: { Work: invoke(undefined) },
      type: 'EXPRESS',
      dispatch: never,
      logging: { level: 'FATAL', logGroupName: '/states', includeExecutionData: true },
    });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(299_999);
    const before = fixture.logged.length;
    await vi.advanceTimersByTimeAsync(1);

    // Assess
    expect(before).toBe(0);
    expect(fixture.logged.map(({ type }) => type)).toEqual(['ExecutionTimedOut']);
  });

  it.each<[string, string, Dispatch]>([
    [
      'Lambda.TooManyRequestsException',
      'TooManyRequestsException',
      refusing('TooManyRequestsException', 429),
    ],
    ['Lambda.ServiceException', 'a defect', () => Promise.reject(new TypeError('x'))],
    ['Lambda.ServiceException', 'InternalFailure', refusing('InternalFailure', 500)],
    [
      'Lambda.ResourceNotFoundException',
      'ResourceNotFoundException',
      refusing('ResourceNotFoundException', 404),
    ],
    ['Lambda.AWSLambdaException', 'AccessDeniedException', refusing('AccessDeniedException', 403)],
    ['ValueError', 'an error of the handler', failingWith('ValueError')],
    [
      'Lambda.Unknown',
      'a dead runtime',
      () => Promise.resolve({ StatusCode: 200, FunctionError: 'Unhandled', Payload: '{}' }),
    ],
  ])('names an error %s after %s', async (name, _after, dispatch) => {
    // Prepare
    const fixture = create({ startAt: 'Work', states: { Work: invoke(undefined) }, dispatch });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(0);

    // Assess
    expect(await status(fixture)).toMatchObject({ status: 'FAILED', error: name });
  });

  it.each([
    ['SQS.SqsException', 'AccessDeniedException'],
    ['SQS.QueueDoesNotExistException', 'QueueDoesNotExist'],
    ['SQS.RequestThrottledException', 'RequestThrottled'],
  ])('names an error %s after %s of SQS', async (name, code) => {
    // Prepare
    const send = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: 'http://127.0.0.1/1/q', MessageBody: 'x' },
      End: true,
    };
    const fixture = create({ startAt: 'Send', states: { Send: send }, dispatch: refusing(code, 400) });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(0);

    // Assess
    expect(await status(fixture)).toMatchObject({ status: 'FAILED', error: name });
  });

  it('fails with States.DataLimitExceeded over 256 KiB, which nothing catches', async () => {
    // Prepare
    const payload = JSON.stringify('x'.repeat(262_200));
    const fixture = create({
      startAt: 'Work',
      states: {
        Work: invoke(undefined, {
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        }),
        Caught: { Type: 'Succeed' },
      },
      dispatch: () => Promise.resolve({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: payload }),
    });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(0);

    // Assess
    expect(await status(fixture)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('runs branches in parallel and waits', async () => {
    // Prepare
    const fixture = create({
      startAt: 'Both',
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'Left',
              States: {
                Left: invoke(undefined, {
                  Parameters: { FunctionName: FUNCTION, Payload: { 'id.$': '$$.Execution.Name' } },
                }),
              },
            },
            { StartAt: 'Right', States: { Right: { Type: 'Pass', Result: 'right', End: true } } },
          ],
          ResultPath: '$',
          Next: 'Rest',
        },
        Rest: { Type: 'Wait', Seconds: 5, End: true },
      },
    });

    // Act
    await fixture.start('one');
    await vi.advanceTimersByTimeAsync(4999);
    const before = await status(fixture);
    await vi.advanceTimersByTimeAsync(1);

    // Assess
    expect(before).toMatchObject({ status: 'RUNNING' });
    expect(await status(fixture)).toMatchObject({ status: 'SUCCEEDED', output: '[{"id":"one"},"right"]' });
  });
});

function refusing(code: string, statusCode: number): Dispatch {
  return () => Promise.reject(new AwsError(code, 'refused', statusCode));
}

describe('a definition', () => {
  it.each<[string, JsonObject, RegExp]>([
    ['JSONata', { machine: { QueryLanguage: 'JSONata' } }, /JSONata/],
    [
      'JSONata in a state',
      { states: { Work: { ...invoke(undefined), QueryLanguage: 'JSONata' } } },
      /JSONata/,
    ],
    ['variables', { states: { Work: { ...invoke(undefined), Assign: { a: 1 } } } }, /Work.*Assign/],
    [
      'heartbeats',
      { states: { Work: { ...invoke(undefined), HeartbeatSeconds: 3 } } },
      /Work.*HeartbeatSeconds/,
    ],
    [
      'another integration',
      { states: { Work: { ...invoke(undefined), Resource: 'arn:aws:states:::sns:publish' } } },
      /Work.*sns:publish/,
    ],
    [
      'a callback',
      {
        states: {
          Work: { ...invoke(undefined), Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' },
        },
      },
      /Work.*waitForTaskToken/,
    ],
    ['no such state', { states: { Work: invoke('Gone') } }, /Gone/],
  ])('is refused for %s, by name', (_what, change, named) => {
    // Prepare
    const description = machineDescription({
      startAt: 'Work',
      states: { Work: invoke(undefined) },
      ...change,
    });

    // Act
    const read = () => readDefinition(description);

    // Assess
    expect(read).toThrow(DefinitionError);
    expect(read).toThrow(/orders/);
    expect(read).toThrow(named);
  });
});
