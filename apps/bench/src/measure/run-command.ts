import { execFile } from 'node:child_process';
import { REPOSITORY } from './local-system.ts';

/** A command failed; the message is what it said last. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
}

/**
 * Runs a command in the repository until it has ended.
 * @param settings variables of its environment beside our own
 * @throws CommandFailedError, also where the signal ended it
 */
export function runCommand(
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd: REPOSITORY, env: { ...process.env, ...settings }, maxBuffer: Infinity },
      (error, stdout, stderr) => {
        signal.removeEventListener('abort', stop);
        if (error === null) {
          resolve();
        } else {
          const said = (stderr || stdout || error.message).trim().slice(-500);
          reject(new CommandFailedError(`${program} ${args.join(' ')}: ${said}`));
        }
      },
    );
    // Not execFile's own signal: that one doesn't wait for the end.
    const stop = () => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop);
  });
}
