import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StartError } from './usage-error.ts';

/** The folder a running system works in. */
export interface WorkDir {
  readonly path: string;
  /** Gives the folder back: removes the lock, or the whole folder where the system is ephemeral. */
  release(): void;
  /** As release, after a start that failed: what was made for it goes too. */
  discard(): void;
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
    const remove = () => rmSync(path, { recursive: true, force: true });
    return { path, release: remove, discard: remove };
  }
  const path = resolve(dataDir);
  const lock = join(path, LOCK);
  const isNew = !existsSync(path);
  try {
    makeFolder(path);
    takeLock(lock, dataDir);
  } catch (error) {
    if (error instanceof StartError) {
      throw error;
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `--data-dir ${dataDir}: can't be written (${code ?? String(error)}); choose a folder you may write to`,
    );
  }
  return {
    path,
    release: () => rmSync(lock, { force: true }),
    discard: () => rmSync(isNew ? path : lock, { recursive: true, force: true }),
  };
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

/** Held by a process: its id, and when it started (in clock ticks), as ids are used again. */
interface Holder {
  readonly pid: number;
  /** Undefined where the machine doesn't tell. */
  readonly startedAt: string | undefined;
}

/** @throws StartError where a running system holds the lock; one left by a killed system doesn't count */
function takeLock(lock: string, dataDir: string): void {
  if (writeLock(lock)) {
    return;
  }
  const holder = holderIn(lock);
  if (holder === undefined || !isRunning(holder)) {
    // Moved away, as of two that find it stale only one can do that; then the first to write gets it.
    const stale = `${lock}.${process.pid}`;
    try {
      renameSync(lock, stale);
      rmSync(stale);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw error;
      }
    }
    if (writeLock(lock)) {
      return;
    }
  }
  const by = holder === undefined ? '' : ` with process id ${holder.pid}`;
  throw new StartError(
    `--data-dir ${dataDir}: in use by the local system${by}; stop that one or choose another folder (if no such ` +
      `system runs, remove ${lock})`,
  );
}

/** Exclusively. @returns false where there is a lock already */
function writeLock(lock: string): boolean {
  try {
    writeFileSync(lock, [process.pid, startOf(process.pid)].join(' ').trim(), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function holderIn(lock: string): Holder | undefined {
  const text = textOf(lock);
  const [pid = '', startedAt] = text?.trim().split(' ') ?? [];
  return /^\d+$/.test(pid) ? { pid: Number(pid), startedAt } : undefined;
}

function isRunning({ pid, startedAt }: Holder): boolean {
  const start = startOf(pid);
  if (startedAt !== undefined && start !== undefined) {
    return start === startedAt;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, where the machine tells: field 22 of Linux's /proc/PID/stat (proc(5)). */
function startOf(pid: number): string | undefined {
  // The second field, the program's name in brackets, may hold spaces.
  return textOf(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}
