import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../measure/local-system.ts';
import { samples, type Samples } from '../measure/samples.ts';

export interface NamedSamples extends Samples {
  readonly name: string;
}

/** A command that is measured failed; the message is what it said last. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
}

/**
 * Times what developers wait for: synthesis, the tests, and every package's tests by nx, without and with its cache.
 * @throws CommandFailedError
 */
export function slowMeasurements(runs: number, progress: (step: string) => void): NamedSamples[] {
  const outDir = mkdtempSync(join(tmpdir(), 'dofs-synth-'));
  try {
    const measure = (name: string, times: number, program: string, args: readonly string[]) => {
      progress(name);
      const ms = Array.from({ length: times }, () => commandMs(program, args, { CDKTF_OUTDIR: outDir }));
      return { name, ...samples('ms', ms) };
    };
    const nxTest = ['nx', 'run-many', '-t', 'test', '--output-style=static'];
    return [
      measure('npx cdktf synth', runs, 'npx', ['cdktf', 'synth', '--output', outDir]),
      measure('npm test', runs, 'npm', ['test']),
      measure('nx test of every package, cold', 1, 'npx', [...nxTest, '--skip-nx-cache']),
      measure('nx test of every package, first time with its cache', 1, 'npx', nxTest),
      measure('nx test of every package, cached', runs, 'npx', nxTest),
    ];
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function commandMs(
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): number {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: REPOSITORY,
    env: { ...process.env, CHECKPOINT_DISABLE: '1', ...settings },
    encoding: 'utf8',
  });
  const ms = performance.now() - begun;
  if (status !== 0) {
    throw new CommandFailedError(`${program} ${args.join(' ')}: ${(stderr || stdout).trim().slice(-500)}`);
  }
  return ms;
}
