import type { Clock } from '../clock.ts';
import type { CredentialIssuer, FunctionRunner, LogSink } from '../engines.ts';
import { AwsError } from '../service-call.ts';
import type { FunctionDescription } from '../stack-description.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import { openFunctionCode, type FunctionCode } from './function-code.ts';
import { openFunctionLog } from './function-log.ts';
import { FunctionPool } from './function-pool.ts';
import { functionVariables } from './function-variables.ts';
import { createWorkerBudget, type WorkerBudget } from './worker-budget.ts';

/** Longest event, in bytes (Lambda quotas: 6 MB for a synchronous invocation). */
const LONGEST_EVENT_BYTES = 6_291_456;
/** Lambda's quota of concurrent executions in an account. */
const ACCOUNT_CONCURRENCY = 1000;

export interface RunnerSettings {
  /** Where bundles that are zips are unpacked; the runner's alone, and removed at the end. */
  readonly unpackDir: string;
  readonly functions: readonly FunctionDescription[];
  readonly region: string;
  /** The local AWS endpoint, `http://127.0.0.1:4566`. */
  readonly endpointUrl: string;
  readonly credentials: CredentialIssuer;
  readonly logs: LogSink;
  /** Whether the function's role may write to its log group. */
  readonly mayWriteLogs: (fn: FunctionDescription) => boolean;
  readonly clock: Clock;
  /** A random UUID. */
  readonly randomUuid: () => string;
  readonly limits: RunnerLimits;
}

export interface RunnerLimits {
  /** Most workers of all functions together. */
  readonly maxWorkers: number;
  readonly maxWorkersPerFunction: number;
  /** How long an invocation waits for a warm worker before a second one is started, in milliseconds. */
  readonly scaleOutAfterMs: number;
  /** How long a worker may be idle, in milliseconds. */
  readonly idleMs: number;
}

/** For two cores: more workers than these only take memory. */
export const DEFAULT_LIMITS: RunnerLimits = {
  maxWorkers: 12,
  maxWorkersPerFunction: 4,
  scaleOutAfterMs: 100,
  idleMs: 300_000,
};

export interface RunningFunctions extends FunctionRunner {
  /**
   * Starts a worker for every function, so that its first invocation is warm. They load one after the other: all at
   * once they would keep the first request waiting for all of them.
   * @param first ARNs of the functions to begin with
   */
  prewarm(first: readonly string[]): Promise<void>;
  /**
   * Ends one worker as an out-of-memory kill would, whatever it is doing.
   * @param instance that of the principal to whom the worker's credentials were issued
   */
  kill(instance: string): Promise<void>;
  /** Stops every worker; invocations that still run end as if their function had exited. */
  close(): Promise<void>;
}

/**
 * Runs functions in workers of this process, each with nothing but its own environment.
 * @throws Error where a function's bundle can't be read
 */
export function startFunctions(settings: RunnerSettings): RunningFunctions {
  const code = openFunctionCode(settings.unpackDir);
  const budget = createWorkerBudget(settings.limits.maxWorkers);
  const pools = new Map(settings.functions.map((fn) => [fn.name, poolFor(fn, settings, code, budget)]));
  return {
    invoke: async (functionArn, payload) => {
      const pool = pools.get(functionName(functionArn));
      if (pool === undefined) {
        throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn}`, 404, {
          Type: 'User',
        });
      }
      checkSize(payload);
      const requestId = settings.randomUuid();
      const { outcome, durationMs, logTail } = await pool.invoke(requestId, payload);
      return {
        payload: outcome.payload,
        ...(outcome.functionError === undefined ? {} : { functionError: outcome.functionError }),
        billedMs: Math.ceil(durationMs),
        logTail,
        requestId,
      };
    },
    prewarm: async (first) => {
      const names = new Set([...first.map(functionName), ...pools.keys()]);
      for (const name of names) {
        await pools.get(name)?.prewarm();
      }
    },
    kill: async (instance) => {
      await Promise.all([...pools.values()].map((pool) => pool.kill(instance)));
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      code.close();
    },
  };
}

function poolFor(
  fn: FunctionDescription,
  settings: RunnerSettings,
  code: FunctionCode,
  budget: WorkerBudget,
): FunctionPool {
  const { clock, limits } = settings;
  const taskRoot = code.taskRoot(fn.code);
  const sink = settings.mayWriteLogs(fn) ? settings.logs : undefined;
  return new FunctionPool({
    budget,
    maxWorkers: Math.min(limits.maxWorkersPerFunction, fn.reservedConcurrency ?? ACCOUNT_CONCURRENCY),
    maxConcurrency: fn.reservedConcurrency ?? ACCOUNT_CONCURRENCY,
    scaleOutAfterMs: limits.scaleOutAfterMs,
    idleMs: limits.idleMs,
    newInstance: () => settings.randomUuid().replaceAll('-', ''),
    start: (instance) => {
      const log = openFunctionLog(fn, sink, clock, instance);
      const credentials = settings.credentials.credentialsFor({
        kind: 'role',
        roleArn: fn.roleArn,
        user: fn.name,
        instance,
      });
      const variables = functionVariables(fn, {
        region: settings.region,
        endpointUrl: settings.endpointUrl,
        credentials,
        taskRoot,
        logStreamName: log.streamName,
      });
      return new ExecutionEnvironment({ fn, taskRoot, variables, log, clock });
    },
  });
}

/** Names, ARNs and ARNs with a qualifier all name a function. */
function functionName(nameOrArn: string): string {
  const [, name] = /:function:([^:]+)/.exec(nameOrArn) ?? [];
  return name ?? nameOrArn.replace(/:[^:]+$/, '');
}

function checkSize(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > LONGEST_EVENT_BYTES) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${LONGEST_EVENT_BYTES} bytes for the InvokeFunction operation`,
      413,
      { Type: 'User' },
    );
  }
}
