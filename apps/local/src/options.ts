import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

/** What `npm start` was asked for. */
export interface LocalOptions {
  readonly environment: string;
  /** Port of the order API; 0: any free one. */
  readonly apiPort: number;
  /** Port of the AWS endpoint; 0: any free one. */
  readonly awsPort: number;
  /** Folder that holds tables, queues, executions and logs; absent: they end with the process. */
  readonly dataDir?: string;
  /** Folder of an already synthesized stack; absent: build and synthesize the environment's own. */
  readonly stackDir?: string;
  /** A file of faults to inject. */
  readonly faultsFile?: string;
  readonly json: boolean;
}

export const USAGE = `Runs a DOFS environment on this machine, from the Terraform that deploys it.

Usage: npm start -- [options]

  --env NAME        environment to run: dev, staging or prod (default: dev)
  --api-port PORT   port of the order API; 0 picks a free one (default: 3000)
  --aws-port PORT   port of the AWS endpoint; 0 picks a free one (default: 4566)
  --data-dir DIR    where orders, queues, executions and logs are kept (default: .dofs/NAME)
  --ephemeral       keep nothing: the state ends with the process
  --stack-dir DIR   run the cdk.tf.json in this folder as it is, without building and synthesizing
  --faults FILE     inject the faults that a JSON file names (docs/testing.md)
  --json            one JSON line with the endpoints instead of the greeting
  --help            this text

Every setting of the environment can be overridden by DOFS_<SETTING>, for example
DOFS_FULFILLMENT_SUCCESS_RATE=1 npm start

Exit status: 0 stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP; 1 wrong usage, could not start, or failed while running.`;

/**
 * Reads the command line.
 * @returns the options, or 'help' where help was asked for
 * @throws UsageError that names the option
 */
export function parseOptions(argv: readonly string[]): LocalOptions | 'help' {
  const { values } = parseCommandLine(argv);
  if (values.help) {
    return 'help';
  }
  if (values.ephemeral && values['data-dir'] !== undefined) {
    throw new UsageError('--ephemeral keeps nothing, so it can not be combined with --data-dir');
  }
  const environment = values.env;
  if (!/^[a-z][a-z0-9-]*$/.test(environment)) {
    throw new UsageError(`--env ${environment}: no such environment; choose dev, staging or prod`);
  }
  return {
    environment,
    apiPort: port('--api-port', values['api-port']),
    awsPort: port('--aws-port', values['aws-port']),
    ...(values.ephemeral ? {} : { dataDir: values['data-dir'] ?? defaultDataDir(environment) }),
    ...(values['stack-dir'] === undefined ? {} : { stackDir: values['stack-dir'] }),
    ...(values.faults === undefined ? {} : { faultsFile: values.faults }),
    json: values.json,
  };
}

/** Where an environment is kept unless told otherwise, from where the program was started. */
export function defaultDataDir(environment: string): string {
  return `.dofs/${environment}`;
}

function parseCommandLine(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        env: { type: 'string', default: 'dev' },
        'api-port': { type: 'string', default: '3000' },
        'aws-port': { type: 'string', default: '4566' },
        'data-dir': { type: 'string' },
        ephemeral: { type: 'boolean', default: false },
        'stack-dir': { type: 'string' },
        faults: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [firstLine] = (error as Error).message.split('\n');
    throw new UsageError(`${firstLine} (npm start -- --help lists the options)`);
  }
}

function port(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    throw new UsageError(`${option} ${text}: not a port; give a number from 0 to 65535`);
  }
  return value;
}
