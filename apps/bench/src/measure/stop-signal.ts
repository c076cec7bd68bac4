import { constants } from 'node:os';
import { UsageError } from './usage-error.ts';

/** Someone ended the program, by Ctrl-C for example. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  /** 128 and the signal's number, as shells have it. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Longer than a local system takes to stop, in milliseconds. */
const STOPPING_MS = 15_000;

/**
 * Is aborted by the first Ctrl-C, SIGTERM or SIGHUP. Later ones are ignored, as a terminal sends Ctrl-C to npm and to us, and
 * npm passes it on; should stopping hang, the process ends all the same.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const reason = new StoppedError(name);
      controller.abort(reason);
      setTimeout(() => process.exit(reason.exitCode), STOPPING_MS).unref();
    });
  }
  return controller.signal;
}

/**
 * Says in one line why a program ends, and sets its exit status. After a stop every failure is a consequence of that:
 * what was measured has been stopped.
 */
export function exitWith(program: string, error: unknown, signal: AbortSignal): void {
  const cause: unknown = signal.aborted ? signal.reason : error;
  process.stderr.write(`${program}: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  if (cause instanceof StoppedError) {
    process.exitCode = cause.exitCode;
  } else {
    process.exitCode = cause instanceof UsageError ? 2 : 1;
  }
}
