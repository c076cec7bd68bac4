import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samples, type NamedSamples } from '../measure/samples.ts';
import { runCommand } from '../measure/run-command.ts';

/** What goals ask for, by name. */
export const SYNTH = 'npx cdktf synth';
export const NPM_TEST = 'npm test';

/**
 * Times what developers wait for: synthesis, the tests, and every package's tests by nx, without and with its cache.
 * @throws CommandFailedError, or the signal's reason
 */
export async function slowMeasurements(
  runs: number,
  progress: (step: string) => void,
  signal: AbortSignal,
): Promise<NamedSamples[]> {
  const outDir = mkdtempSync(join(tmpdir(), 'dofs-synth-'));
  try {
    const measure = async (name: string, times: number, program: string, args: readonly string[]) => {
      const ms: number[] = [];
      for (let n = 0; n < times; n += 1) {
        progress(`${name}, ${n + 1} of ${times}`);
        const begun = performance.now();
        await runCommand(program, args, { CHECKPOINT_DISABLE: '1', CDKTF_OUTDIR: outDir }, signal);
        ms.push(performance.now() - begun);
      }
      return { name, ...samples('ms', ms) };
    };
    const nxTest = ['nx', 'run-many', '-t', 'test', '--output-style=static'];
    return [
      await measure(SYNTH, runs, 'npx', ['cdktf', 'synth', '--output', outDir]),
      await measure(NPM_TEST, runs, 'npm', ['test']),
      await measure('nx test of every package, cold', 1, 'npx', [...nxTest, '--skip-nx-cache']),
      await measure('nx test of every package, first time with its cache', 1, 'npx', nxTest),
      await measure('nx test of every package, cached', runs, 'npx', nxTest),
    ];
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
