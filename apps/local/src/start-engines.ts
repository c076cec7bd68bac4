import { setTimeout as after } from 'node:timers/promises';
import { faultInterceptor } from '@dofs/local-aws/faults/fault-interceptor';
import { createFaultPlan } from '@dofs/local-aws/faults/fault-plan';
import { checkCallers, FaultConfigError, type FaultConfig } from '@dofs/local-aws/faults/fault-rules';
import { startStack, type RunningStack } from '@dofs/local-aws/run-stack';
import type { Interceptor } from '@dofs/local-aws/service-call';
import type { StackDescription } from '@dofs/local-aws/stack-description';
import { readStack } from '@dofs/local-aws/terraform/read-stack';
import type { WorkDir } from './data-dir.ts';
import { faultJournal, readFaultsFile } from './faults-file.ts';
import type { LocalOptions } from './options.ts';
import { StartError } from './usage-error.ts';

/**
 * Orders as the meter finds them: by `order_id` in JSON, in JSON within JSON and in DynamoDB's, by the execution that
 * is named after them, and by the path of their look-up.
 */
const ORDER_ID = String.raw`(?:order_id\W+(?:S\W+)?|order-processing:|/order/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`;

/**
 * Reads a synthesized stack and starts every engine that it needs, with a meter and, if asked for, with faults.
 * @throws StartError, and whatever keeps an engine from starting; nothing is left running then
 */
export async function startEngines(
  stackDir: string,
  options: LocalOptions,
  workDir: WorkDir,
): Promise<{ readonly description: StackDescription; readonly stack: RunningStack }> {
  const faults = options.faultsFile === undefined ? undefined : readFaultsFile(options.faultsFile);
  const description = readStack(stackDir);
  if (faults !== undefined) {
    checkFaults(faults, description, `--faults ${options.faultsFile}`);
  }
  const closing = new AbortController();
  const stack = await startStack(description, {
    workDir: workDir.path,
    apiPort: options.apiPort,
    awsPort: options.awsPort,
    ...(options.dataDir === undefined ? {} : { dataDir: workDir.path }),
    meterSubject: ORDER_ID,
    ...(faults === undefined
      ? {}
      : { interceptors: ({ kill }) => [injecting(faults, workDir, kill, closing.signal)] }),
  });
  const close = () => {
    closing.abort();
    return stack.close();
  };
  return { description, stack: { ...stack, close } };
}

function checkFaults(
  faults: FaultConfig,
  { functions, stateMachines }: StackDescription,
  setting: string,
): void {
  try {
    checkCallers(
      faults,
      [...functions, ...stateMachines].map(({ name }) => name),
    );
  } catch (error) {
    throw error instanceof FaultConfigError ? new StartError(`${setting}: ${error.message}`) : error;
  }
}

/** Injects the faults, and writes each of them down. */
function injecting(
  faults: FaultConfig,
  workDir: WorkDir,
  kill: (instance: string) => Promise<void>,
  closing: AbortSignal,
): Interceptor {
  const startedAt = performance.now();
  const journal = faultJournal(workDir.path);
  return faultInterceptor(
    createFaultPlan(faults, () => performance.now() - startedAt),
    {
      injected: (rule, subject, { service, operation }) =>
        journal({ rule: rule.name, subject, call: `${service}:${operation}` }),
      kill,
      closing,
      delay: (ms, signal) =>
        after(ms, undefined, { signal }).catch((error: unknown) => {
          if (!signal.aborted) {
            throw error;
          }
        }),
    },
  );
}
