import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StartError } from './usage-error.ts';

/** The folder a running system works in. */
export interface WorkDir {
  readonly path: string;
  /** Gives the folder back: removes the lock, or the whole folder where the system is ephemeral. */
  release(): void;
}

const LOCK = 'running.pid';

/**
 * Takes the data directory, or a temporary folder for an ephemeral run.
 * @param dataDir as given on the command line, absent for an ephemeral run
 * @throws StartError if it can't be written or another running system uses it
 */
export function takeWorkDir(dataDir: string | undefined): WorkDir {
  if (dataDir === undefined) {
    const path = mkdtempSync(join(tmpdir(), 'dofs-'));
    return { path, release: () => rmSync(path, { recursive: true, force: true }) };
  }
  const path = resolve(dataDir);
  const lock = join(path, LOCK);
  try {
    makeFolder(path);
    refuseIfRunning(lock, dataDir);
    writeFileSync(lock, String(process.pid));
  } catch (error) {
    if (error instanceof StartError) {
      throw error;
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `--data-dir ${dataDir}: can't be written (${code ?? String(error)}); choose a folder you may write to`,
    );
  }
  return { path, release: () => rmSync(lock, { force: true }) };
}

/** As `mkdir -p`. Node's own recursive mkdir never ends where the system refuses with ENOENT, below /proc for one. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) {
    return;
  }
  if (!existsSync(dirname(path))) {
    makeFolder(dirname(path));
  }
  mkdirSync(path);
}

/** A lock left by a killed system doesn't count: its process is gone. */
function refuseIfRunning(lock: string, dataDir: string): void {
  const pid = pidIn(lock);
  if (pid !== undefined && pid !== process.pid && isRunning(pid)) {
    throw new StartError(
      `--data-dir ${dataDir}: in use by the local system with process id ${pid}; stop that one or choose another folder`,
    );
  }
}

function pidIn(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8')) || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
