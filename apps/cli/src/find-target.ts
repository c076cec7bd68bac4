import { OperationError } from '@dofs/operations/operation-error';
import { resourceNames, type Target } from '@dofs/operations/target';
import { foundIdentity, wantedIdentity, type Wanted } from './identity.ts';
import { systemIn, systemOf, type Endpoints } from './running-system.ts';
import { deployedOutputs, readOutputs, type Outputs } from './terraform-outputs.ts';
import { UsageError } from './usage-error.ts';

/** What the command line says about the target. */
export interface TargetOptions {
  /** Absent: that of the system that is found, otherwise dev. */
  readonly env?: string;
  /** Absent: that of the system that is found, otherwise dofs. */
  readonly project?: string;
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

const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const EMULATOR_REGION = 'us-east-1';

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
  const { environment: wanted } = wantedIdentity(wantedBy(options));
  const running = options.dataDir === undefined ? systemOf(root, wanted) : systemIn(options.dataDir);
  if (running === undefined && (options.local === true || options.dataDir !== undefined)) {
    throw new OperationError(
      'not-found',
      `no local system runs in ${options.dataDir ?? `.dofs/${wanted}`}`,
      `run ${startCommand(wanted)}${options.dataDir === undefined ? '' : ', or leave --data-dir away'}`,
    );
  }
  const target =
    running !== undefined && meansLocal(options, environment, running)
      ? localTarget(options, running)
      : await remoteTarget(options, environment, root, running !== undefined);
  return withOverrides(target, options, environment);
}

function wantedBy({ env, project }: TargetOptions): Wanted {
  return { environment: env, project };
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
  const where = options.dataDir ?? 'the system that runs here';
  const { environment_info: info } = running.outputs;
  const identity = foundIdentity(
    wantedBy(options),
    { environment_info: { ...(info as object | undefined), environment: running.environment } },
    where,
  );
  return {
    environment: identity.environment,
    origin: `this machine, process ${running.pid}`,
    apiUrl: running.apiUrl,
    region: running.region,
    awsEndpoint: running.awsEndpoint,
    credentials: LOCAL_CREDENTIALS,
    names: resourceNames(identity.project, identity.environment, running.outputs),
  };
}

async function remoteTarget(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
  root: string,
  ignoredLocal: boolean,
): Promise<Target> {
  const wanted = wantedIdentity(wantedBy(options));
  const stack = `${wanted.project}-${wanted.environment}`;
  const outputs =
    options.outputs === undefined
      ? await deployedUnlessNamed(options, environment, root, stack)
      : readOutputs(options.outputs, stack);
  if (outputs === undefined && options.apiUrl === undefined && !environment['AWS_ENDPOINT_URL']) {
    throw noTarget(wanted.environment, stack, ignoredLocal);
  }
  const identity =
    outputs === undefined
      ? wanted
      : foundIdentity(wantedBy(options), outputs, options.outputs ?? `the deployment of ${stack}`);
  const names = resourceNames(identity.project, identity.environment, outputs);
  const apiUrl = outputs?.['api_gateway_url'];
  const region = names.stateMachineArn?.split(':')[3];
  return {
    environment: identity.environment,
    origin:
      outputs === undefined
        ? 'named by flags and environment variables'
        : `Terraform outputs of ${names.prefix}`,
    names,
    ...(typeof apiUrl === 'string' ? { apiUrl } : {}),
    ...(region === undefined ? {} : { region }),
  };
}

/** A named API needs no Terraform, which would take seconds. */
async function deployedUnlessNamed(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
  root: string,
  stack: string,
): Promise<Outputs | undefined> {
  return options.apiUrl === undefined ? deployedOutputs(root, stack, environment) : undefined;
}

function noTarget(environment: string, stack: string, ignoredLocal: boolean): OperationError {
  return ignoredLocal
    ? new OperationError(
        'not-found',
        `${stack} was not deployed from here, and with AWS_PROFILE or --outputs set the local system is not meant`,
        'pass --local, or unset AWS_PROFILE',
      )
    : new OperationError(
        'not-found',
        `no ${environment} system runs on this machine, and ${stack} was not deployed from here`,
        `run ${startCommand(environment)}, or pass --api-url or --outputs`,
      );
}

function withOverrides(target: Target, options: TargetOptions, environment: NodeJS.ProcessEnv): Target {
  const awsEndpoint = endpointOf(environment) ?? target.awsEndpoint;
  const credentials = target.credentials ?? loopbackCredentials(awsEndpoint, environment);
  const region = options.region ?? target.region ?? regionOf(environment, credentials);
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

/** An emulator that takes any credentials has one region, that of the system's own settings unless told otherwise. */
function regionOf(environment: NodeJS.ProcessEnv, credentials: Target['credentials']): string | undefined {
  const set = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
  return set ?? (credentials === undefined ? undefined : EMULATOR_REGION);
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

function startCommand(environment: string): string {
  return environment === 'dev' ? 'npm start' : `npm start -- --env ${environment}`;
}
