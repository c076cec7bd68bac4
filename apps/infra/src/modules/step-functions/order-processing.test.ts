import { validateAsl } from '../../../test/validate-asl.ts';
import { describe, expect, it } from 'vitest';
import type { State } from './asl.ts';
import { orderProcessing, type OrderProcessingParts } from './order-processing.ts';

function definitionFor(workflowType: OrderProcessingParts['workflowType']) {
  return orderProcessing({
    validatorArn: 'arn:aws:lambda:us-east-1:123456789012:function:validator',
    orderStorageArn: 'arn:aws:lambda:us-east-1:123456789012:function:order-storage',
    orderQueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/order-queue',
    orderDlqUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/order-dlq',
    workflowType,
    lambdaTimeoutSeconds: 10,
    partition: 'aws',
  });
}

/** States that may come right after a state, by whatever way. */
function successors(state: State): string[] {
  const next = 'Next' in state && state.Next !== undefined ? [state.Next] : [];
  switch (state.Type) {
    case 'Choice':
      return [...state.Choices.map((choice) => String(choice['Next'])), state.Default];
    case 'Task':
      return [...next, ...(state.Catch ?? []).map((one) => one.Next)];
    default:
      return next;
  }
}

const EXPRESS_LIMIT_SECONDS = 300;

describe.each(['STANDARD', 'EXPRESS'] as const)('the state machine as %s', (workflowType) => {
  const definition = definitionFor(workflowType);
  const { States: states } = definition;
  const tasks = Object.entries(states).flatMap(([name, state]) =>
    state.Type === 'Task' ? [[name, state] as const] : [],
  );

  it('is valid Amazon States Language', () => {
    expect(validateAsl(definition)).toBe('');
  });

  it('takes a good order through five states', () => {
    // Act
    const path = ['ValidateOrder', 'CheckValidation', 'StoreOrder', 'CheckStorage', 'SendToQueue'];

    // Assess
    expect(definition.StartAt).toBe(path[0]);
    for (const [index, name] of path.slice(0, -1).entries()) {
      const state = states[name];
      expect(state === undefined ? [] : successors(state)).toContain(path[index + 1]);
    }
    expect(states['SendToQueue']).toMatchObject({ End: true });
  });

  it('can reach each of its states', () => {
    // Act
    const reached = new Set([definition.StartAt]);
    for (const name of reached) {
      const state = states[name];
      (state === undefined ? [] : successors(state)).forEach((next) => reached.add(next));
    }

    // Assess
    expect([...reached].sort()).toEqual(Object.keys(states).sort());
  });

  it.each(tasks)('limits and retries %s, and knows where its failure goes', (name, task) => {
    expect(task.TimeoutSeconds).toBeGreaterThan(0);
    expect(task.Retry.at(-1)).toMatchObject({ BackoffRate: 2, JitterStrategy: 'FULL' });
    // The last resort itself has nowhere to go.
    expect(task.Catch === undefined).toBe(name === 'SendToDeadLetterQueue');
  });

  it.each(tasks)('tries %s again for well over half a minute', (_name, task) => {
    // Act
    const delays = delaysOf(task, 'States.TaskFailed');
    const average = delays.reduce((sum, delay) => sum + delay, 0) / 2;

    // Assess: full jitter halves each delay on average.
    expect(average).toBeGreaterThan(45);
  });

  it('records failures of each source', () => {
    const text = JSON.stringify(states);
    for (const source of ['validation', 'storage', 'queue']) {
      expect(text).toContain(`"source":"${source}"`);
    }
  });
});

describe('the EXPRESS state machine', () => {
  const { States: states, TimeoutSeconds: limit } = definitionFor('EXPRESS');
  const secondsOf = (name: string, failsAfter: 'at once' | 'its whole time') => {
    const state = states[name];
    return state?.Type === 'Task' ? longestSeconds(state, failsAfter) : Number.NaN;
  };

  it.each([
    ['a function that errs', 'at once', ['StoreOrder', 'SendToDeadLetterQueue']],
    ['a function that times out', 'its whole time', ['StoreOrder', 'SendToDeadLetterQueue']],
    ['a queue that refuses', 'at once', ['SendToQueue', 'RecordFailure']],
    ['a queue that hangs', 'its whole time', ['SendToQueue', 'RecordFailure']],
  ] as const)('has time for its failure branch with %s', (_what, failsAfter, path) => {
    // Act: each task of the way takes as long as its retries let it
    const seconds = path.reduce((sum, name) => sum + secondsOf(name, failsAfter), 0);

    // Assess
    expect(seconds).toBeLessThan(limit);
    expect(limit).toBe(EXPRESS_LIMIT_SECONDS);
  });

  it('goes from a failed StoreOrder straight to the last resort', () => {
    const errored = states['StorageErrored'];
    expect(errored === undefined ? [] : successors(errored)).toEqual(['SendToDeadLetterQueue']);
  });
});

/** The longest that a task can take until it is given up, in seconds. One that errs at once takes a second. */
function longestSeconds(
  task: Extract<State, { Type: 'Task' }>,
  failsAfter: 'at once' | 'its whole time',
): number {
  const error = failsAfter === 'at once' ? 'States.TaskFailed' : 'States.Timeout';
  const perTry = failsAfter === 'at once' ? 1 : task.TimeoutSeconds;
  const delays = delaysOf(task, error);
  return delays.reduce((sum, delay) => sum + delay, 0) + (delays.length + 1) * perTry;
}

/** The longest delays before each further try after an error, in seconds. */
function delaysOf(task: Extract<State, { Type: 'Task' }>, error: string): number[] {
  const retry = task.Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error));
  const { IntervalSeconds = 1, MaxAttempts = 0, MaxDelaySeconds = Infinity } = retry ?? {};
  return Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(IntervalSeconds * 2 ** attempt, MaxDelaySeconds),
  );
}
