import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeWorkDir } from './data-dir.ts';

describe('the data directory', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dofs-data-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['whose id belongs to another process by now', `${process.ppid} 1`],
    ['that is gone', '2147483646'],
    ['that can not be told', 'not a number'],
  ])('is free where its lock was left by a process %s', (_what, lock) => {
    // Prepare
    writeFileSync(join(folder, 'running.pid'), lock);

    // Act
    const workDir = takeWorkDir(folder);

    // Assess
    expect(readdirSync(folder)).toEqual(['running.pid']);
    workDir.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused while its process runs, and the lock is named', () => {
    // Prepare
    writeFileSync(join(folder, 'running.pid'), String(process.ppid));

    // Act
    const taking = () => takeWorkDir(folder);

    // Assess
    expect(taking).toThrow(new RegExp(`process id ${process.ppid}.*remove ${folder}/running\\.pid`));
  });

  it('goes with a start that failed if it was made for it, and stays if it was there', () => {
    // Prepare
    const [made, kept] = [join(folder, 'made/dev'), join(folder, 'kept')];
    mkdirSync(kept);

    // Act
    takeWorkDir(made).discard();
    takeWorkDir(kept).discard();

    // Assess
    expect([made, kept].map(existsSync)).toEqual([false, true]);
    expect(readdirSync(kept)).toEqual([]);
  });
});
