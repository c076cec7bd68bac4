/**
 * What each function costs to load: bytes, zipped bytes, milliseconds over a bare `node`, and its largest parts.
 * Bundles anew what it reports.
 *
 *     node tools/bundle-report.ts [--runs 15] [app...]
 */
import { parseArgs } from 'node:util';
import type { Metafile } from 'esbuild';
import { measureBundles } from '../apps/bench/src/measure/bundle-load.ts';
import { exitWith, stopSignal } from '../apps/bench/src/measure/stop-signal.ts';
import { describeSamples } from '../apps/bench/src/measure/samples.ts';
import { UsageError } from '../apps/bench/src/measure/usage-error.ts';
import { findLambdaApps, type LambdaApp } from './lambda-apps.ts';
import { bundleLambda } from './lambda-bundle.ts';

const LARGEST_PARTS = 8;

/** Bytes in the bundle by package (or workspace folder), the largest first. */
function parts({ outputs }: Metafile): readonly (readonly [string, number])[] {
  const bytes = new Map<string, number>();
  for (const output of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const part =
        /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(path)?.[1] ??
        path.split('/').slice(0, 2).join('/');
      bytes.set(part, (bytes.get(part) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].toSorted(([, one], [, other]) => other - one);
}

async function report(apps: readonly LambdaApp[], runs: number, signal: AbortSignal): Promise<void> {
  const bundled = new Map<string, Metafile>();
  for (const app of apps) {
    bundled.set(app.name, await bundleLambda(app));
  }
  for (const load of await measureBundles(
    apps.map(({ name }) => name),
    runs,
    signal,
  )) {
    const size = `${kB(load.bytes)}, ${kB(load.zippedBytes)} zipped`;
    const elapsed = `over bare node ${describeSamples(load.elapsedOverBareMs)}`;
    console.log(`${load.app}: ${size}, ${elapsed}, processor ${describeSamples(load.processorOverBareMs)}`);
    const metafile = bundled.get(load.app);
    for (const [part, bytes] of metafile === undefined ? [] : parts(metafile).slice(0, LARGEST_PARTS)) {
      console.log(`  ${kB(bytes).padStart(8)}  ${part}`);
    }
  }
}

function kB(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

async function main(signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { runs: { type: 'string', default: '15' } },
    allowPositionals: true,
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new UsageError(`--runs ${values.runs}: give a whole number of at least 1`);
  }
  const all = await findLambdaApps();
  const unknown = positionals.filter((name) => !all.some((app) => app.name === name));
  if (unknown.length > 0) {
    throw new UsageError(
      `${unknown.join(', ')}: no Lambda app; there are ${all.map(({ name }) => name).join(', ')}`,
    );
  }
  await report(
    all.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    runs,
    signal,
  );
}

const signal = stopSignal();
await main(signal).catch((error: unknown) => exitWith('bundle-report', error, signal));
