import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createApiServer } from './api-gateway/api-server.ts';
import type { Handled } from './api-gateway/handle-request.ts';
import type { Clock } from './clock.ts';
import { createDispatch } from './dispatch.ts';
import { startDynamoDb } from './dynamodb/dynamodb-service.ts';
import type { FunctionRunner, LogSink } from './engines.ts';
import { DEFAULT_BACKOFF, startEventSourceMappings } from './event-source-mapping/event-source-mappings.ts';
import { startAwsEndpoint } from './http/aws-endpoint.ts';
import { closeServer, listenLocally } from './http/listen.ts';
import { createAccessInterceptor } from './iam/access-interceptor.ts';
import { createIdentities, type Identities } from './iam/identities.ts';
import { compilePolicies } from './iam/policy-evaluator.ts';
import { checkTrust } from './iam/trust.ts';
import { createLambdaService } from './lambda-api/lambda-service.ts';
import { DEFAULT_LIMITS, startFunctions, type RunningFunctions } from './lambda/function-runner.ts';
import { startLogs, type Logs } from './logs/logs-service.ts';
import { everyInterval, startSchedules } from './schedules/schedules.ts';
import { createMeter, type Meter } from './meter/meter.ts';
import { meterPage } from './meter/meter-page.ts';
import type { Dispatch, Interceptor, Service } from './service-call.ts';
import { startSqs } from './sqs/sqs-service.ts';
import type { ApiDescription, FunctionDescription, StackDescription } from './stack-description.ts';
import { createStackParts, type StackParts } from './stack-parts.ts';
import { startStepFunctions } from './step-functions/step-functions-service.ts';
import { createSts } from './sts/sts-service.ts';
import { withEndpoints } from './terraform/endpoints.ts';

export interface StackOptions {
  /** Where everything is kept across restarts; absent: in memory, gone at the end. */
  readonly dataDir?: string;
  /** 0 takes a free one. */
  readonly apiPort: number;
  /** 0 takes a free one. */
  readonly awsPort: number;
  readonly clock?: Clock;
  /** What else every call passes, after its policy check: injected faults, a meter. */
  readonly interceptors?: (tools: InterceptorTools) => readonly Interceptor[];
  /** Count what AWS would bill, per run and per subject: what this regular expression finds in requests. */
  readonly meterSubject?: string;
  /** Told of what went wrong behind the scenes; by default a JSON line on stderr. */
  readonly onProblem?: (problem: StackProblem) => void;
}

export interface InterceptorTools {
  /** Ends one instance of a function at once. */
  readonly kill: (instance: string) => Promise<void>;
}

export interface StackProblem {
  /** The engine: `event-source-mapping`, `api`, ... */
  readonly source: string;
  readonly detail: string;
}

export interface RunningStack {
  /** With the stage, without a slash at the end. */
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  /** The Terraform outputs, with this machine's URLs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** A stack that can't run as it is. */
export class StackNotRunnableError extends Error {
  override readonly name = 'StackNotRunnableError';
}

const API_GRACE_MS = 2000;

/**
 * Runs a stack on this machine. If a part can't start, those started before it are closed.
 * @throws PortTakenError, PolicyNotSupportedError, RoleNotAssumableError, DefinitionError, TableChangedError,
 *   StackNotRunnableError
 */
export async function startStack(
  description: StackDescription,
  options: StackOptions,
): Promise<RunningStack> {
  const parts = createStackParts();
  try {
    return await start(description, options, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

interface Wiring {
  readonly clock: Clock;
  readonly report: (source: string, detail: unknown) => void;
  readonly identities: Identities;
  /** Calls wait in it until everything runs. */
  readonly dispatch: Dispatch;
  readonly functions: FunctionRunner;
  readonly logs: Logs;
  /** Where engines and functions log: the service, behind the meter if there is one. */
  readonly sink: LogSink;
  readonly meter: Meter | undefined;
}

async function start(
  description: StackDescription,
  options: StackOptions,
  parts: StackParts,
): Promise<RunningStack> {
  checkTrust(description);
  const clock = options.clock ?? Date.now;
  const report = reporter(options.onProblem ?? printProblem);
  const [api, ...otherApis] = description.apis;
  if (api === undefined || otherApis.length > 0) {
    throw new StackNotRunnableError(`the stack has ${description.apis.length} REST APIs; one can run here`);
  }
  const started = Promise.withResolvers<{
    readonly dispatch: Dispatch;
    readonly functions: RunningFunctions;
  }>();
  // A start that fails rejects nobody but those who wait.
  started.promise.catch(() => undefined);
  const logs = startLogs(description, { file: fileIn(options.dataDir, 'logs.db'), clock });
  parts.started('logs', () => logs.close());
  const meter = meterOf(description, options.meterSubject, clock);
  const runner: FunctionRunner = {
    invoke: async (arn, payload) => (await started.promise).functions.invoke(arn, payload),
  };
  const wiring: Wiring = {
    clock,
    report,
    identities: createIdentities(),
    dispatch: async (call) => (await started.promise).dispatch(call),
    functions: meter?.functions(runner) ?? runner,
    logs,
    sink: meter?.logs(logs) ?? logs,
    meter,
  };
  try {
    const services = await startStores(description, options, wiring, parts);
    const apiOrigin = await startApi(description, api, options, wiring, parts);
    const located = withEndpoints(description, { awsEndpoint: services.awsEndpoint, apiOrigin });
    const engines = startEngines(located, options, services, wiring, parts);
    started.resolve(engines);
    startSources(located, wiring, parts);
    return {
      apiUrl: `${apiOrigin}/${api.stageName}`,
      awsEndpoint: services.awsEndpoint,
      outputs: located.outputs,
      close: () => parts.close(),
    };
  } catch (error) {
    started.reject(error);
    throw error;
  }
}

/** @returns the URL at which the API listens, without its stage */
async function startApi(
  { accountId, region, functionPermissions: permissions }: StackDescription,
  api: ApiDescription,
  { apiPort }: StackOptions,
  { functions, clock, sink, report, meter }: Wiring,
  parts: StackParts,
): Promise<string> {
  const server = createApiServer({
    api,
    accountId,
    region,
    permissions,
    functions,
    clock,
    logs: sink,
    randomUuid: randomUUID,
    onError: (error) => report('api', error),
    ...(meter === undefined ? {} : { onAnswered: (handled) => countRequest(meter, api, handled) }),
  });
  const origin = await listenLocally(server, apiPort, '--api-port');
  parts.started('api', () => closeServer(server, API_GRACE_MS));
  return origin;
}

/** What keeps data, and the endpoint in front of it. */
async function startStores(
  description: StackDescription,
  options: StackOptions,
  wiring: Wiring,
  parts: StackParts,
) {
  const { clock, report, logs, meter } = wiring;
  const dynamodb = await startDynamoDb(description, folderIn(options.dataDir, 'dynamodb'));
  parts.started('dynamodb', () => dynamodb.close());
  let awsEndpoint = '';
  const sqsDir = folderIn(options.dataDir, 'sqs');
  const sqs = await startSqs(description, {
    ...(sqsDir === undefined ? {} : { dataDir: sqsDir }),
    clock,
    endpoint: () => awsEndpoint,
  });
  parts.started('sqs', () => sqs.close());
  const endpoint = await startAwsEndpoint(options.awsPort, {
    dispatch: wiring.dispatch,
    ...(meter === undefined ? {} : { ownPage: (request) => meterPage(meter, request) }),
    principalOf: (id) => wiring.identities.principalOf(id),
    onDefect: (error, operation) => report(operation, error),
  });
  parts.started('endpoint', () => endpoint.close());
  awsEndpoint = endpoint.url;
  const lambda = createLambdaService(description, { runner: wiring.functions, onAsyncFailure: report });
  return { awsEndpoint, all: [dynamodb, sqs, logs, lambda, createSts(description.accountId)] };
}

/** What does the work: functions, state machines, and the way between them. */
function startEngines(
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
  });
  parts.started('states', () => states.close());
  const services = [...stores, states];
  const functions = startFunctions({
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

/** Subjects that the meter remembers: some megabytes. */
const METERED_SUBJECTS = 2_000;

function meterOf(
  description: StackDescription,
  subject: string | undefined,
  clock: Clock,
): Meter | undefined {
  return subject === undefined
    ? undefined
    : createMeter(description, { subject, mostSubjects: METERED_SUBJECTS, clock });
}

/** Every request is billed, refused ones too; whose it is shows in its path or in its answer. */
function countRequest(meter: Meter, api: ApiDescription, { answer, facts }: Handled): void {
  const { request, route } = facts;
  const name = route === undefined ? 'unknown' : `${request.httpMethod} ${route.method.resourcePath}`;
  meter.apiRequest(api.name, name, answer.body, request.path);
}

/** What brings work by itself. */
function startSources(
  stack: StackDescription,
  { clock, dispatch, functions, report }: Wiring,
  parts: StackParts,
): void {
  const names = new Map(stack.queues.map(({ arn, name }) => [arn, name]));
  const mappings = startEventSourceMappings({
    stack,
    dispatch,
    functions,
    // SQS knows its queues by name, whatever the host.
    queueUrl: (arn) => `http://127.0.0.1/${stack.accountId}/${names.get(arn) ?? arn}`,
    clock,
    backoff: DEFAULT_BACKOFF,
    onProblem: ({ problem, functionArn, detail }) =>
      report('event-source-mapping', `${functionArn}: ${problem}: ${detail}`),
  });
  parts.started('mappings', () => mappings.close());
  const schedules = startSchedules({
    stack,
    functions,
    clock,
    randomUuid: randomUUID,
    every: everyInterval,
    onProblem: ({ schedule, detail }) => report('schedule', `${schedule}: ${detail}`),
  });
  parts.started('schedules', () => schedules.close());
}

/** Without its role's permission a function runs, but its lines are lost, as on AWS. */
function logPermission(stack: StackDescription): (fn: FunctionDescription) => boolean {
  const evaluators = new Map(stack.roles.map((role) => [role.arn, compilePolicies(role)]));
  return ({ roleArn, logGroupName }) => {
    const stream = `arn:aws:logs:${stack.region}:${stack.accountId}:log-group:${logGroupName}:log-stream:any`;
    return evaluators.get(roleArn)?.('logs:PutLogEvents', stream) === 'allowed';
  };
}

function folderIn(dataDir: string | undefined, name: string): string | undefined {
  if (dataDir === undefined) {
    return undefined;
  }
  mkdirSync(dataDir, { recursive: true });
  return join(dataDir, name);
}

function fileIn(dataDir: string | undefined, name: string): string {
  return folderIn(dataDir, name) ?? ':memory:';
}

function reporter(onProblem: (problem: StackProblem) => void): (source: string, detail: unknown) => void {
  return (source, detail) =>
    onProblem({
      source,
      detail: detail instanceof Error ? (detail.stack ?? detail.message) : String(detail),
    });
}

function printProblem(problem: StackProblem): void {
  process.stderr.write(`${JSON.stringify({ level: 'WARN', ...problem })}\n`);
}
