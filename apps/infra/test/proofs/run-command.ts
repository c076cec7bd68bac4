import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { accessSync, constants } from 'node:fs';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit statuses that are no failure; 0 where not given. */
  readonly statuses?: readonly number[];
}

export interface CommandResult {
  readonly status: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

const LAST_LINES = 40;

/**
 * Runs a program to its end.
 * @throws Error with the end of its output, if it ends with another status
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  { cwd, env = {}, statuses = [0] }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, CHECKPOINT_DISABLE: '1', CI: 'true', FORCE_COLOR: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  if (!statuses.includes(status)) {
    const end = output.trim().split('\n').slice(-LAST_LINES).join('\n');
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${end}`);
  }
  return { status, output };
}

/** Whether a program is on PATH. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
