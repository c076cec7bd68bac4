import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '@dofs/operations/operation-error';
import { resourceNames, type Target } from '@dofs/operations/target';
import { UsageError } from './usage-error.ts';
import { deployedOutputs, readOutputs, type Outputs } from './terraform-outputs.ts';

/** What the command line says about the target. */
export interface TargetOptions {
  readonly env: string;
  readonly project: string;
  readonly apiUrl?: string;
  readonly apiKey?: string;
  readonly sign?: boolean;
  readonly region?: string;
  /** A file with Terraform outputs. */
  readonly outputs?: string;
  /** The data directory of a system that runs on this machine. */
  readonly dataDir?: string;
  /** The system that runs on this machine, whatever else is set. */
  readonly local?: boolean;
}

/** The file that a running local system keeps in its data directory. */
interface Endpoints {
  readonly pid: number;
  readonly region: string;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly outputs: Outputs;
}

const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Finds the system that a command is about: what flags and environment variables name; else the one that runs on
 * this machine; else the one that was deployed from this checkout.
 * @param root the repository
 * @throws OperationError `not-found` that says where it looked
 */
export async function findTarget(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
  root: string,
): Promise<Target> {
  const running = runningSystem(options.dataDir ?? join(root, '.dofs', options.env));
  if (options.local === true && running === undefined) {
    throw new OperationError(
      'not-found',
      `no local system of ${options.env} runs here`,
      `run ${startCommand(options)}`,
    );
  }
  const target =
    running !== undefined && meansLocal(options, environment, running)
      ? localTarget(options, running)
      : await remoteTarget(options, environment, root, running !== undefined);
  return withOverrides(target, options, environment);
}

function meansLocal(options: TargetOptions, environment: NodeJS.ProcessEnv, running: Endpoints): boolean {
  if (options.local === true) {
    return true;
  }
  const { AWS_PROFILE: profile, AWS_ENDPOINT_URL: endpoint } = environment;
  return (
    options.outputs === undefined &&
    (options.apiUrl === undefined || options.apiUrl === running.apiUrl) &&
    (endpoint === undefined || endpoint === '' || endpoint === running.awsEndpoint) &&
    (profile === undefined || profile === '')
  );
}

function localTarget(options: TargetOptions, running: Endpoints): Target {
  return {
    environment: options.env,
    origin: `this machine, process ${running.pid}`,
    apiUrl: running.apiUrl,
    region: running.region,
    awsEndpoint: running.awsEndpoint,
    credentials: LOCAL_CREDENTIALS,
    names: resourceNames(options.project, options.env, running.outputs),
  };
}

async function remoteTarget(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
  root: string,
  ignoredLocal: boolean,
): Promise<Target> {
  const stack = `${options.project}-${options.env}`;
  const outputs =
    options.outputs === undefined
      ? await deployedUnlessNamed(options, environment, root)
      : readOutputs(options.outputs, stack);
  if (outputs === undefined && options.apiUrl === undefined && !environment['AWS_ENDPOINT_URL']) {
    throw noTarget(options, ignoredLocal);
  }
  const names = resourceNames(options.project, options.env, outputs);
  const apiUrl = outputs?.['api_gateway_url'];
  const region = names.stateMachineArn?.split(':')[3];
  return {
    environment: options.env,
    origin:
      outputs === undefined ? 'named by flags and environment variables' : `Terraform outputs of ${stack}`,
    names,
    ...(typeof apiUrl === 'string' ? { apiUrl } : {}),
    ...(region === undefined ? {} : { region }),
  };
}

/** A named API needs no Terraform, which would take seconds. */
async function deployedUnlessNamed(options: TargetOptions, environment: NodeJS.ProcessEnv, root: string) {
  return options.apiUrl === undefined
    ? deployedOutputs(root, `${options.project}-${options.env}`, environment)
    : undefined;
}

function noTarget(options: TargetOptions, ignoredLocal: boolean): OperationError {
  const stack = `${options.project}-${options.env}`;
  return ignoredLocal
    ? new OperationError(
        'not-found',
        `${stack} was not deployed from here, and with AWS_PROFILE or --outputs set the local system is not meant`,
        'pass --local, or unset AWS_PROFILE',
      )
    : new OperationError(
        'not-found',
        `no ${options.env} system runs on this machine, and ${stack} was not deployed from here`,
        `run ${startCommand(options)}, or pass --api-url or --outputs`,
      );
}

function withOverrides(target: Target, options: TargetOptions, environment: NodeJS.ProcessEnv): Target {
  const region =
    options.region ?? target.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const awsEndpoint = endpointOf(environment) ?? target.awsEndpoint;
  const credentials = target.credentials ?? loopbackCredentials(awsEndpoint, environment);
  return {
    ...target,
    ...(options.apiUrl === undefined ? {} : { apiUrl: options.apiUrl }),
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.sign === true ? { signsRequests: true } : {}),
    ...(region === undefined ? {} : { region }),
    ...(awsEndpoint === undefined ? {} : { awsEndpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** @throws UsageError where AWS_ENDPOINT_URL is no URL */
function endpointOf({ AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): string | undefined {
  if (endpoint === undefined || endpoint === '') {
    return undefined;
  }
  if (!URL.canParse(endpoint)) {
    throw new UsageError(`AWS_ENDPOINT_URL is ${endpoint}, which is no URL`);
  }
  return endpoint;
}

/** An emulator on this machine takes any credentials, so nobody should have to invent some. */
function loopbackCredentials(endpoint: string | undefined, environment: NodeJS.ProcessEnv) {
  const given = environment['AWS_ACCESS_KEY_ID'] || environment['AWS_PROFILE'];
  const host = endpoint === undefined ? '' : new URL(endpoint).hostname;
  const isLoopback = host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
  return isLoopback && !given ? LOCAL_CREDENTIALS : undefined;
}

function startCommand({ env }: TargetOptions): string {
  return env === 'dev' ? 'npm start' : `npm start -- --env ${env}`;
}

/** Undefined: none was started, or it is gone without having removed its file. */
function runningSystem(dataDir: string): Endpoints | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'endpoints.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  const endpoints = JSON.parse(text) as Endpoints;
  return isRunning(endpoints.pid) ? endpoints : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
