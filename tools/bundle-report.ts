/**
 * What each function costs to load: bytes, zipped bytes, milliseconds over a bare `node`, and its largest parts.
 *
 *     node tools/bundle-report.ts [--runs 15] [app...]
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { LOAD_ENVIRONMENT } from '@dofs/lambda-kit/testing/load-environment';
import type { Metafile } from 'esbuild';
import { findLambdaApps, type LambdaApp } from './lambda-apps.ts';
import { bundleBytes, bundleLambda } from './lambda-bundle.ts';

const LARGEST_PARTS = 8;

/** Any values will do: loading a function calls nobody. */
const ENVIRONMENT = {
  ...LOAD_ENVIRONMENT,
  PATH: process.env['PATH'],
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

interface Load {
  /** From spawning node to its end, in milliseconds. */
  readonly elapsedMs: number;
  /** Of all its threads, in milliseconds: says more than the time elapsed where the machine is busy. */
  readonly cpuMs: number;
}

/** Runs node, with a module loaded or without. */
function load(module: string | undefined): Load {
  const importing = module === undefined ? '' : `await import(${JSON.stringify(module)});`;
  const script = `${importing} const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: ENVIRONMENT,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`${module ?? 'node'} did not load: ${stderr}`);
  }
  return { elapsedMs: performance.now() - started, cpuMs: Number(stdout) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Bytes of the zip that the stack makes of a bundle, about: its code deflated, and its directory entry. */
async function zippedBytes(bundle: string): Promise<number> {
  return deflateRawSync(await readFile(bundle), { level: 9 }).length + 200;
}

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

async function report(apps: readonly LambdaApp[], runs: number): Promise<void> {
  const metafiles = await Promise.all(apps.map(bundleLambda));
  const bare: Load[] = [];
  const loaded = apps.map((): Load[] => []);
  // Taking turns, so that what else the machine does hits all alike.
  for (let run = 0; run < runs; run += 1) {
    bare.push(load(undefined));
    for (const [index, app] of apps.entries()) {
      loaded[index]?.push(load(join(app.folder, 'dist/index.mjs')));
    }
  }
  console.log(`bare node: ${summary(bare)} (${runs} runs)\n`);
  for (const [index, app] of apps.entries()) {
    const metafile = metafiles[index];
    const loads = loaded[index];
    if (metafile === undefined || loads === undefined) {
      continue;
    }
    const zipped = kB(await zippedBytes(join(app.folder, 'dist/index.mjs')));
    const size = `${kB(bundleBytes(metafile))}, ${zipped} zipped`;
    console.log(`${app.name}: ${size}, over bare node ${summary(loads, bare)}`);
    for (const [part, bytes] of parts(metafile).slice(0, LARGEST_PARTS)) {
      console.log(`  ${kB(bytes).padStart(8)}  ${part}`);
    }
  }
}

/** Medians, less those of a base; the fastest runs show what the load takes on a quiet machine. */
function summary(loads: readonly Load[], base: readonly Load[] = []): string {
  const elapsed = (of: readonly Load[]) => of.map(({ elapsedMs }) => elapsedMs);
  const cpu = (of: readonly Load[]) => of.map(({ cpuMs }) => cpuMs);
  const over = (pick: typeof cpu, measure: (values: readonly number[]) => number) =>
    `${(measure(pick(loads)) - (base.length === 0 ? 0 : measure(pick(base)))).toFixed(0)} ms`;
  const fastest = (values: readonly number[]) => Math.min(...values);
  return `${over(elapsed, median)}, fastest ${over(elapsed, fastest)}, CPU ${over(cpu, median)}`;
}

function kB(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '15' } },
  allowPositionals: true,
});
const all = await findLambdaApps();
await report(
  all.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
  Number(values.runs),
);
