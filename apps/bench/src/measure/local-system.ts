import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const REPOSITORY = join(import.meta.dirname, '../../../..');

/** A local system under measurement. */
export interface MeasuredSystem {
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Milliseconds from the start of `npm start` until it said that it runs. */
  readonly startMs: number;
  /** When `npm start` was started, on performance.now()'s clock. */
  readonly startedAt: number;
  stop(): Promise<void>;
}

/** The system ended before it answered; the message is what it said. */
export class SystemNotStartedError extends Error {
  override readonly name = 'SystemNotStartedError';
}

export interface StartOptions {
  /** Command line options beside ports and `--json`. */
  readonly args: readonly string[];
  /** Variables of its environment beside our own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Stops the system, at whatever it is. */
  readonly signal: AbortSignal;
}

/**
 * Starts the local system as a user does: by `npm start`, on free ports.
 * @throws SystemNotStartedError, or the signal's reason
 */
export async function startSystem({ args, settings, signal }: StartOptions): Promise<MeasuredSystem> {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const options = ['--json', '--api-port', '0', '--aws-port', '0', ...args];
  const child = spawn('npm', ['start', '--silent', '--', ...options], {
    cwd: REPOSITORY,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // npm passes it on; the system itself is known by its first line.
  let terminate = (): void => void child.kill('SIGTERM');
  const stop = () => terminate();
  signal.addEventListener('abort', stop);
  void closed.then(() => signal.removeEventListener('abort', stop));
  const endpoints = JSON.parse(await firstLine(child)) as Pick<
    MeasuredSystem,
    'apiUrl' | 'awsEndpoint' | 'outputs' | 'pid'
  >;
  const startMs = performance.now() - startedAt;
  terminate = () => terminateProcess(endpoints.pid);
  return {
    ...endpoints,
    startMs,
    startedAt,
    async stop() {
      terminate();
      await closed;
    },
  };
}

function terminateProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
    // It has ended already.
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).once('line', resolve);
    }
    child.once('error', reject);
    child.once('close', () => reject(new SystemNotStartedError(stderr.trim())));
  });
}

/** The kernel's clock ticks a second, in which it counts processor time (Linux on every architecture of today). */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used, threads included, in milliseconds (Linux). */
export function processorMs(pid: number): number {
  // Fields 14 and 15, utime and stime; the name before them may hold blanks, so count from its closing bracket.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory of a process, threads included, in megabytes (Linux). */
export function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** The most resident memory that the process has had, in megabytes (Linux). */
export function peakMb(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
