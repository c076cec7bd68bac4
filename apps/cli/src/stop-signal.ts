import { EXIT } from './exit-status.ts';

/** Ctrl-C or a termination request: the reason of the signal. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** One Ctrl-C may come twice: from the terminal, and passed on by npx. Milliseconds. */
const SAME_KEYSTROKE_MS = 300;

let controller: AbortController | undefined;

/**
 * A signal that the first Ctrl-C (or SIGTERM) aborts, so that the command can finish what must not be left half
 * done and print what it knows. The second one ends the process at once.
 */
export function stopSignal(): AbortSignal {
  if (controller !== undefined) {
    return controller.signal;
  }
  const stopping = new AbortController();
  controller = stopping;
  let firstAt = 0;
  const stop = () => {
    if (stopping.signal.aborted) {
      if (performance.now() - firstAt > SAME_KEYSTROKE_MS) {
        process.exit(EXIT.interrupted);
      }
      return;
    }
    firstAt = performance.now();
    stopping.abort(new StoppedError('stopped'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopping.signal;
}
