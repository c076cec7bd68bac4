import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PINNED_NAMES, PINNED_SETTINGS } from './pinned-settings.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const MAIN = join(REPOSITORY, 'apps/local/src/main.ts');

export interface LocalSystem {
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Rejects with a LocalSystemError once it ends without having been asked to. */
  readonly failure: Promise<never>;
  /** Stops it as Ctrl-C does. Resolves with the exit status. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a power cut would: SIGKILL. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** Command line options beside the ports and `--json`; free ports are the default. */
  readonly args?: readonly string[];
  /** Variables of the environment beside our own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The local system ended before it answered. */
export class LocalSystemError extends Error {
  override readonly name = 'LocalSystemError';
  readonly status: number | null;
  readonly stderr: string;
  constructor(status: number | null, stderr: string) {
    super(`the local system ended with status ${status}: ${stderr}`);
    this.status = status;
    this.stderr = stderr;
  }
}

/**
 * Starts the local system as `npm start` does, with the shipped settings, on free ports unless the options say
 * otherwise.
 * @throws LocalSystemError if it ends before it answers
 */
export async function startLocalSystem(options: StartOptions = {}): Promise<LocalSystem> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      MAIN,
      '--json',
      '--api-port',
      '0',
      '--aws-port',
      '0',
      ...(options.args ?? []),
    ],
    {
      cwd: REPOSITORY,
      env: { ...PINNED_SETTINGS, ...process.env, ...PINNED_NAMES, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-4_000)));
  const endpoints = await firstLine(child, () => stderr);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let isAskedToEnd = false;
  const failure = closed.then(([status]): Promise<never> => {
    // A system that was asked to end never fails: this promise stays open.
    return isAskedToEnd
      ? new Promise<never>(() => undefined)
      : Promise.reject(new LocalSystemError(status, stderr));
  });
  failure.catch(() => undefined);
  const end = async (signal: NodeJS.Signals) => {
    isAskedToEnd = true;
    child.kill(signal);
    const [status] = await closed;
    return status;
  };
  return {
    ...(JSON.parse(endpoints) as Pick<LocalSystem, 'apiUrl' | 'awsEndpoint' | 'outputs' | 'pid'>),
    failure,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
  };
}

function firstLine(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).once('line', resolve);
    }
    child.once('error', reject);
    child.once('close', (status) => reject(new LocalSystemError(status, stderr())));
  });
}
