import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { InvokeResult } from '../engines.ts';
import type { JsonObject } from '../service-call.ts';
import { createLambdaService } from './lambda-service.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A function that answers in turn; the last answer goes on. */
function functionAnswering(...answers: readonly (() => Promise<InvokeResult>)[]) {
  const problems: unknown[] = [];
  const invoke = vi.fn(() => {
    const answer = answers[Math.min(invoke.mock.calls.length, answers.length) - 1];
    return answer?.() ?? Promise.reject(new Error('no answer'));
  });
  const service = createLambdaService(
    {
      accountId: '123456789012',
      region: 'us-east-1',
      functions: [
        {
          name: 'fn',
          arn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
          roleArn: 'arn:aws:iam::123456789012:role/fn',
          runtime: 'nodejs22.x',
          handler: 'index.handler',
          code: '/nowhere',
          timeoutSeconds: 3,
          memorySizeMb: 128,
          environment: {},
          logGroupName: '/aws/lambda/fn',
          architecture: 'arm64',
        },
      ],
    },
    { runner: { invoke }, onAsyncFailure: (_, error) => problems.push(error) },
  );
  const send = (input: JsonObject) =>
    service.call({
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: 'fn', ...input },
      principal: { kind: 'operator' },
    });
  return { send, invoke, problems };
}

const fine = () => Promise.resolve({ payload: 'null', billedMs: 1, requestId: 'r' });
const broken = () =>
  Promise.resolve({ payload: '{}', functionError: 'Unhandled' as const, billedMs: 1, requestId: 'r' });
const refused = () => Promise.reject(new Error('throttled'));

it('tries an asynchronous invocation again after one minute and after two more, and then no more', async () => {
  // Prepare
  const fn = functionAnswering(broken, refused, broken);

  // Act
  const answer = await fn.send({ InvocationType: 'Event' });
  const tries: number[] = [];
  for (const waitMs of [0, 59_999, 1, 119_999, 1, 600_000]) {
    await vi.advanceTimersByTimeAsync(waitMs);
    tries.push(fn.invoke.mock.calls.length);
  }

  // Assess
  expect(answer).toMatchObject({ StatusCode: 202 });
  expect(tries).toEqual([1, 1, 2, 2, 3, 3]);
  expect(fn.problems).toHaveLength(3);
});

it('leaves an asynchronous invocation at its first success', async () => {
  // Prepare
  const fn = functionAnswering(broken, fine);

  // Act
  await fn.send({ InvocationType: 'Event' });
  await vi.advanceTimersByTimeAsync(600_000);

  // Assess
  expect(fn.invoke).toHaveBeenCalledTimes(2);
});

it.each([{ InvocationType: 'Later' }, { LogType: 'Head' }])('refuses %j', async (input) => {
  // Act
  const answer = functionAnswering(fine).send(input);

  // Assess
  await expect(answer).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
});
