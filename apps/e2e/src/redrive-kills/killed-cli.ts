import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const DOFS = join(import.meta.dirname, '../../../cli/bin/dofs.mjs');

/** When to kill the command line. */
export interface KillPoint {
  /** `start`: counted from its start; `work`: from the first order that it reports. */
  readonly from: 'start' | 'work';
  /** Milliseconds. */
  readonly afterMs: number;
}

export interface Run {
  /** Whether SIGKILL ended it; otherwise it had come to its end before. */
  readonly wasKilled: boolean;
  readonly status: number | null;
  /** Orders that it reported, and those among them that an earlier run had left half-way. */
  readonly reported: number;
  readonly resumed: number;
  readonly stderr: string;
}

/**
 * Runs `dofs failed redrive --all` against the system of a data directory, as an operator's shell would.
 * @param killPoint when SIGKILL ends it; absent: never
 */
export async function redriveAll(dataDir: string, killPoint?: KillPoint): Promise<Run> {
  const args = ['failed', 'redrive', '--all', '--yes', '--json', '--data-dir', dataDir];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DOFS, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let timer: NodeJS.Timeout | undefined;
  const killLater = (from: KillPoint['from']) => {
    if (killPoint?.from === from && timer === undefined) {
      timer = setTimeout(() => child.kill('SIGKILL'), killPoint.afterMs);
    }
  };
  killLater('start');
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    killLater('work');
    stdout += text;
  });
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  const lines = stdout.split('\n').slice(0, -1);
  const resumed = lines.filter((line) => (JSON.parse(line) as { action: string }).action === 'resume').length;
  return { wasKilled: signal === 'SIGKILL', status, reported: lines.length, resumed, stderr };
}
