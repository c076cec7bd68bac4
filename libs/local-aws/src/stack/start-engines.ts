import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createDispatch } from '../dispatch.ts';
import { createAccessInterceptor } from '../iam/access-interceptor.ts';
import { compilePolicies } from '../iam/policy-evaluator.ts';
import { DEFAULT_LIMITS, startFunctions, type RunningFunctions } from '../lambda/function-runner.ts';
import type { Dispatch, Service } from '../service-call.ts';
import type { FunctionDescription, StackDescription } from '../stack-description.ts';
import type { StackParts } from '../stack-parts.ts';
import { startStepFunctions } from '../step-functions/step-functions-service.ts';
import type { StackOptions } from './stack-options.ts';
import { fileIn, type Wiring } from './wiring.ts';

/** Before an execution whose step could not be stored goes on, in milliseconds. */
const RESUME_AFTER_MS = 2_000;

/** What does the work: functions, state machines, and the way between them. */
export function startEngines(
  stack: StackDescription,
  options: StackOptions,
  { awsEndpoint, all: stores }: { readonly awsEndpoint: string; readonly all: readonly Service[] },
  { clock, identities, sink, meter, dispatch, report }: Wiring,
  parts: StackParts,
): { readonly dispatch: Dispatch; readonly functions: RunningFunctions } {
  const states = startStepFunctions(stack, {
    file: fileIn(options.dataDir, 'states.db'),
    clock,
    dispatch,
    logs: sink,
    ...(meter === undefined ? {} : { onEvent: meter.executionEvent }),
    onDefect: (error, executionArn) => report(executionArn, error),
    resumeAfterMs: RESUME_AFTER_MS,
  });
  parts.started('states', () => states.close());
  const services = [...stores, states];
  const functions = startFunctions({
    unpackDir: join(options.workDir, 'functions'),
    functions: stack.functions,
    region: stack.region,
    endpointUrl: awsEndpoint,
    credentials: identities,
    logs: sink,
    mayWriteLogs: logPermission(stack),
    clock,
    randomUuid: randomUUID,
    limits: DEFAULT_LIMITS,
  });
  parts.started('functions', () => functions.close());
  const access = createAccessInterceptor(stack.roles, services);
  const more = options.interceptors?.({ kill: (instance) => functions.kill(instance) }) ?? [];
  // The innermost: what a policy or a fault refuses isn't billed.
  const metered = meter === undefined ? [] : [meter.interceptor];
  functions.prewarm(functionsBehindApis(stack)).catch((error: unknown) => report('functions', error));
  states.resume();
  return { dispatch: createDispatch(services, [access, ...more, ...metered]), functions };
}

/** Those whose callers wait for an answer. */
function functionsBehindApis({ apis }: StackDescription): readonly string[] {
  return apis
    .flatMap(({ methods }) => methods)
    .flatMap(({ integration }) => (integration.type === 'AWS_PROXY' ? [integration.functionArn] : []));
}

/** Without its role's permission a function runs, but its lines are lost, as on AWS. */
function logPermission(stack: StackDescription): (fn: FunctionDescription) => boolean {
  const evaluators = new Map(stack.roles.map((role) => [role.arn, compilePolicies(role)]));
  return ({ roleArn, logGroupName }) => {
    const stream = `arn:aws:logs:${stack.region}:${stack.accountId}:log-group:${logGroupName}:log-stream:any`;
    return evaluators.get(roleArn)?.('logs:PutLogEvents', stream) === 'allowed';
  };
}
