import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../service-call.ts';
import {
  answering,
  echo,
  EXECUTION_ARN,
  failingWith,
  FUNCTION,
  invoke,
  MACHINE_ARN,
  stepFunctions,
  type Fixture,
  type Setup,
} from './step-functions-fixture.ts';

const ONE_TASK: Setup = { startAt: 'Work', states: { Work: invoke(undefined) } };

describe('Step Functions', () => {
  let directory: string;
  let open: Fixture[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'states-'));
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map(({ service }) => service.close()));
    rmSync(directory, { recursive: true, force: true });
  });
  const create = (setup: Setup) => {
    const fixture = stepFunctions(setup);
    open.push(fixture);
    return fixture;
  };
  const eventTypes = async ({ send }: Fixture, name: string) => {
    const { events } = await send('GetExecutionHistory', { executionArn: `${EXECUTION_ARN}:${name}` });
    return (events as readonly JsonObject[]).map(({ type }) => type);
  };

  it('takes an execution through tasks and a choice, as the role of the machine', async () => {
    // Prepare
    const lambda = answering(
      () => Promise.resolve({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: '{"valid":true}' }),
      echo,
    );
    const fixture = create({
      startAt: 'Validate',
      states: {
        Validate: invoke('Check', {
          Parameters: {
            FunctionName: FUNCTION,
            Payload: { 'order.$': '$.order', 'at.$': '$$.Execution.StartTime' },
          },
          ResultSelector: { 'result.$': '$.Payload' },
          ResultPath: '$.validation',
          OutputPath: '$',
        }),
        Check: {
          Type: 'Choice',
          Choices: [{ Variable: '$.validation.result.valid', BooleanEquals: true, Next: 'Send' }],
          Default: 'Refused',
        },
        Send: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage',
          Parameters: {
            QueueUrl: 'http://127.0.0.1/1/orders',
            MessageBody: {
              'order.$': '$.order',
              'execution.$': '$$.Execution.Id',
              'name.$': '$$.Execution.Name',
            },
          },
          ResultSelector: { 'message.$': '$.MessageId' },
          ResultPath: '$.queue',
          End: true,
        },
        Refused: { Type: 'Succeed' },
      },
      dispatch: lambda.dispatch,
    });

    // Act
    const { startDate } = await fixture.start('one', { order: 7 });
    const execution = await fixture.ended('one');

    // Assess
    expect(execution).toMatchObject({ status: 'SUCCEEDED', name: 'one', stateMachineArn: MACHINE_ARN });
    expect(JSON.parse(String(execution['output']))).toEqual({
      order: 7,
      validation: { result: { valid: true } },
      queue: { message: 'message-1' },
    });
    expect(lambda.calls.map(({ input }) => input)).toEqual([
      {
        FunctionName: FUNCTION,
        Payload: JSON.stringify({ order: 7, at: new Date(Number(startDate) * 1000).toISOString() }),
      },
      {
        QueueUrl: 'http://127.0.0.1/1/orders',
        MessageBody: JSON.stringify({ order: 7, execution: `${EXECUTION_ARN}:one`, name: 'one' }),
      },
    ]);
    expect(lambda.calls[0]?.principal).toEqual({
      kind: 'role',
      roleArn: 'arn:aws:iam::123456789012:role/orders',
      user: 'orders',
    });
    const task = ['TaskScheduled', 'TaskStarted', 'TaskSucceeded'];
    expect(await eventTypes(fixture, 'one')).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      ...task,
      'TaskStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'TaskStateEntered',
      ...task,
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('answers the same start of a running execution with that execution', async () => {
    // Prepare
    const fixture = create({ ...ONE_TASK, dispatch: () => new Promise(() => undefined) });
    const first = await fixture.start('one', { order: 7 });

    // Act
    const again = await fixture.start('one', { order: 7 });
    const other = fixture.start('one', { order: 8 });

    // Assess
    expect(again).toEqual(first);
    await expect(other).rejects.toMatchObject({ code: 'ExecutionAlreadyExists', statusCode: 400 });
  });

  it('keeps the name of an ended execution taken, across a restart too', async () => {
    // Prepare
    const file = join(directory, 'states.db');
    const before = create({ ...ONE_TASK, file });
    await before.start('one');
    await before.ended('one');
    const after = create({ ...ONE_TASK, file });

    // Act
    const again = after.start('one');

    // Assess
    await expect(again).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it('resumes after a kill in the state that was entered last, with the same start time', async () => {
    // Prepare: the second task of the killed instance never answers, and nothing is closed before the next opens.
    const file = join(directory, 'states.db');
    const states = {
      First: invoke('Second', { ResultPath: '$.first', OutputPath: '$' }),
      Second: invoke(undefined, {
        Parameters: {
          FunctionName: FUNCTION,
          Payload: {
            'at.$': '$$.Execution.StartTime',
            'input.$': '$$.Execution.Input',
            'first.$': '$.first.StatusCode',
          },
        },
      }),
    };
    const killed = answering(echo, () => new Promise(() => undefined));
    const before = create({ startAt: 'First', states, file, dispatch: killed.dispatch });
    const { startDate } = await before.start('one', { order: 7 });
    while (killed.calls.length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const resumed = answering(echo);
    const after = create({ startAt: 'First', states, file, dispatch: resumed.dispatch });

    // Act
    after.service.resume();
    const execution = await after.ended('one');

    // Assess
    expect(resumed.calls).toHaveLength(1);
    expect(JSON.parse(String(execution['output']))).toEqual({
      at: new Date(Number(startDate) * 1000).toISOString(),
      input: { order: 7 },
      first: 200,
    });
    expect(await eventTypes(after, 'one')).toContain('ExecutionSucceeded');
  });

  it('stops where it is when it closes, and goes on at the next start', async () => {
    // Prepare
    const file = join(directory, 'states.db');
    const before = create({ ...ONE_TASK, file, dispatch: () => new Promise(() => undefined) });
    await before.start('one', { order: 7 });
    await before.service.close();
    open = [];

    // Act
    const after = create({ ...ONE_TASK, file });
    after.service.resume();

    // Assess
    expect(await after.ended('one')).toMatchObject({ status: 'SUCCEEDED', output: '{"order":7}' });
  });

  it('fails with the error of a Fail state, and logs at the level that is set', async () => {
    // Prepare
    const fixture = create({
      startAt: 'Work',
      states: {
        Work: invoke(undefined, {
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Failed' }],
        }),
        Failed: { Type: 'Fail', Error: 'OrderFailed', Cause: 'no luck' },
      },
      logging: { level: 'ERROR', logGroupName: '/states', includeExecutionData: false },
      dispatch: failingWith('Error'),
    });

    // Act
    await fixture.start('one');
    const execution = await fixture.ended('one');

    // Assess
    expect(execution).toMatchObject({ status: 'FAILED', error: 'OrderFailed', cause: 'no luck' });
    expect(fixture.logged.map(({ type }) => type)).toEqual(['TaskFailed', 'ExecutionFailed']);
    expect(fixture.logged[1]).toMatchObject({
      execution_arn: `${EXECUTION_ARN}:one`,
      details: { error: 'OrderFailed' },
    });
  });

  it('lists executions newest first, by status and page', async () => {
    // Prepare
    const fixture = create(ONE_TASK);
    for (const name of ['one', 'two', 'three']) {
      await fixture.start(name);
      await fixture.ended(name);
    }
    const list = async (input: JsonObject) => {
      const page = await fixture.send('ListExecutions', { stateMachineArn: MACHINE_ARN, ...input });
      return { ...page, names: (page['executions'] as readonly JsonObject[]).map(({ name }) => name) };
    };

    // Act
    const first: JsonObject = await list({ maxResults: 2, statusFilter: 'SUCCEEDED' });
    const second = await list({ maxResults: 2, nextToken: first['nextToken'] });
    const running = await list({ statusFilter: 'RUNNING' });

    // Assess
    expect([first['names'], second.names, running.names]).toEqual([['three', 'two'], ['one'], []]);
    expect(second).not.toHaveProperty('nextToken');
  });

  it('aborts an execution', async () => {
    // Prepare
    const fixture = create({ ...ONE_TASK, dispatch: () => new Promise(() => undefined) });
    await fixture.start('one');

    // Act
    await fixture.send('StopExecution', {
      executionArn: `${EXECUTION_ARN}:one`,
      error: 'Operator',
      cause: 'asked',
    });

    // Assess
    expect(await fixture.ended('one')).toMatchObject({
      status: 'ABORTED',
      error: 'Operator',
      cause: 'asked',
    });
    expect(await eventTypes(fixture, 'one')).toContain('ExecutionAborted');
  });

  it.each([
    ['StartExecution', { stateMachineArn: `${MACHINE_ARN}-gone` }, 'StateMachineDoesNotExist'],
    ['StartExecution', { stateMachineArn: MACHINE_ARN, name: 'a b' }, 'InvalidName'],
    ['StartExecution', { stateMachineArn: MACHINE_ARN, input: 'no json' }, 'InvalidExecutionInput'],
    [
      'StartExecution',
      { stateMachineArn: MACHINE_ARN, input: `"${'x'.repeat(262_143)}"` },
      'ValidationException',
    ],
    ['DescribeExecution', { executionArn: `${EXECUTION_ARN}:gone` }, 'ExecutionDoesNotExist'],
    [
      'DescribeExecution',
      { executionArn: EXECUTION_ARN.replace('execution', 'express') },
      'StateMachineTypeNotSupported',
    ],
    ['CreateActivity', {}, 'UnknownOperationException'],
  ])('answers %s with an error that a client knows (%#)', async (operation, input, code) => {
    // Act
    const answer = create(ONE_TASK).send(operation, input);

    // Assess
    await expect(answer).rejects.toMatchObject({ code });
  });

  describe('of type EXPRESS', () => {
    it('starts a name again, and describes and lists nothing', async () => {
      // Prepare
      const lambda = answering(echo);
      const fixture = create({ ...ONE_TASK, type: 'EXPRESS', dispatch: lambda.dispatch });

      // Act
      const first = await fixture.start('one');
      const second = await fixture.start('one');

      // Assess
      expect(first['executionArn']).toMatch(/:express:orders:one:[0-9a-f-]{36}$/);
      expect(second['executionArn']).not.toBe(first['executionArn']);
      const asks = [
        fixture.send('DescribeExecution', { executionArn: first['executionArn'] }),
        fixture.send('ListExecutions', { stateMachineArn: MACHINE_ARN }),
      ];
      for (const asked of asks) {
        await expect(asked).rejects.toMatchObject({ code: 'StateMachineTypeNotSupported' });
      }
      expect(lambda.calls).toHaveLength(2);
    });

    it('begins again after a kill', async () => {
      // Prepare
      const file = join(directory, 'states.db');
      const states = { First: invoke('Second'), Second: invoke(undefined) };
      const setup = { startAt: 'First', states, file, type: 'EXPRESS' } as const;
      const killed = answering(echo, () => new Promise(() => undefined));
      await create({ ...setup, dispatch: killed.dispatch }).start('one', { order: 7 });
      while (killed.calls.length < 2) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const resumed = answering(echo);
      const after = create({ ...setup, dispatch: resumed.dispatch });

      // Act
      after.service.resume();
      while (resumed.calls.length < 2) {
        await new Promise((resolve) => setImmediate(resolve));
      }

      // Assess
      expect(resumed.calls.map(({ input }) => input['Payload'])).toEqual(['{"order":7}', '{"order":7}']);
    });
  });
});
