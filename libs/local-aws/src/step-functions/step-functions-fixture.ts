import type { Dispatch, JsonObject, ServiceCall } from '../service-call.ts';
import type { StateMachineDescription } from '../stack-description.ts';
import { startStepFunctions, type StepFunctions } from './step-functions-service.ts';

/** For the tests of this folder: a machine over a made-up Lambda and SQS, and what they were asked. */
export const MACHINE_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:orders';
export const EXECUTION_ARN = 'arn:aws:states:us-east-1:123456789012:execution:orders';
export const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:worker';

export interface Setup {
  readonly states: Readonly<Record<string, unknown>>;
  readonly startAt: string;
  readonly machine?: JsonObject;
  readonly type?: 'STANDARD' | 'EXPRESS';
  readonly logging?: StateMachineDescription['logging'];
  readonly file?: string;
  readonly dispatch?: Dispatch;
}

export interface Fixture {
  readonly service: StepFunctions;
  readonly logged: JsonObject[];
  readonly defects: unknown[];
  readonly send: (operation: string, input?: JsonObject) => Promise<JsonObject>;
  start(name: string, input?: unknown): Promise<JsonObject>;
  /** Waits until the execution has ended. */
  ended(name: string): Promise<JsonObject>;
}

/** A task that calls the function with its whole input and keeps the function's answer. */
export function invoke(next: string | undefined, fields: JsonObject = {}): JsonObject {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: FUNCTION, 'Payload.$': '$' },
    OutputPath: '$.Payload',
    ...fields,
    ...(next === undefined ? { End: true } : { Next: next }),
  };
}

/** Answers what a function is sent, and messages with an id. */
export const echo: Dispatch = ({ operation, input }) =>
  Promise.resolve(
    operation === 'Invoke'
      ? { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: input['Payload'] }
      : { MessageId: 'message-1', MD5OfMessageBody: 'md5' },
  );

/** Functions that answer in turn; the last one goes on. */
export function answering(...answers: readonly ((call: ServiceCall) => Promise<JsonObject>)[]): {
  readonly dispatch: Dispatch;
  readonly calls: ServiceCall[];
} {
  const calls: ServiceCall[] = [];
  return {
    calls,
    dispatch: (call) => {
      calls.push(call);
      const answer = answers[Math.min(calls.length, answers.length) - 1] ?? echo;
      return answer(call);
    },
  };
}

export const failingWith = (errorType: string) => () =>
  Promise.resolve({
    StatusCode: 200,
    FunctionError: 'Unhandled',
    Payload: JSON.stringify({ errorType, errorMessage: 'broken' }),
  });

export function machineDescription({
  states,
  startAt,
  machine,
  type,
  logging,
}: Setup): StateMachineDescription {
  return {
    name: 'orders',
    arn: MACHINE_ARN,
    roleArn: 'arn:aws:iam::123456789012:role/orders',
    type: type ?? 'STANDARD',
    definition: JSON.stringify({ StartAt: startAt, States: states, ...machine }),
    ...(logging === undefined ? {} : { logging }),
  };
}

export function stepFunctions(setup: Setup): Fixture {
  const logged: JsonObject[] = [];
  const defects: unknown[] = [];
  const service = startStepFunctions(
    { accountId: '123456789012', region: 'us-east-1', stateMachines: [machineDescription(setup)] },
    {
      file: setup.file ?? ':memory:',
      clock: Date.now,
      dispatch: setup.dispatch ?? echo,
      logs: {
        append: (_group, _stream, events) =>
          logged.push(...events.map(({ message }) => JSON.parse(message) as JsonObject)),
      },
      onDefect: (error) => defects.push(error),
      resumeAfterMs: 5,
    },
  );
  const send: Fixture['send'] = (operation, input = {}) =>
    service.call({ service: 'states', operation, input, principal: { kind: 'operator' } });
  return {
    service,
    logged,
    defects,
    send,
    start: (name, input = {}) =>
      send('StartExecution', { stateMachineArn: MACHINE_ARN, name, input: JSON.stringify(input) }),
    async ended(name) {
      for (;;) {
        const execution = await send('DescribeExecution', { executionArn: `${EXECUTION_ARN}:${name}` });
        if (execution['status'] !== 'RUNNING') {
          return execution;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
