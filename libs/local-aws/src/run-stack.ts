import type { FunctionRunner } from './engines.ts';
import { createIdentities } from './iam/identities.ts';
import { checkTrust } from './iam/trust.ts';
import type { RunningFunctions } from './lambda/function-runner.ts';
import { startLogs } from './logs/logs-service.ts';
import { createMeter, type Meter } from './meter/meter.ts';
import type { Clock } from './clock.ts';
import type { Dispatch } from './service-call.ts';
import type { StackDescription } from './stack-description.ts';
import { createStackParts, type StackParts } from './stack-parts.ts';
import type { StackOptions, StackProblem } from './stack/stack-options.ts';
import { startApi } from './stack/start-api.ts';
import { startEngines } from './stack/start-engines.ts';
import { startSources } from './stack/start-sources.ts';
import { startStores } from './stack/start-stores.ts';
import { fileIn, type Wiring } from './stack/wiring.ts';
import { withEndpoints } from './terraform/endpoints.ts';

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
  const logs = startLogs(description, {
    file: fileIn(options.dataDir, 'logs.db'),
    clock,
    onLost: (error) => report('logs', error),
  });
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
