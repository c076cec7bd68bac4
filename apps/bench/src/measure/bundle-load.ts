import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { LOAD_ENVIRONMENT } from '@dofs/lambda-kit/testing/load-environment';
import { REPOSITORY } from './local-system.ts';
import { samples, type Samples } from './samples.ts';

/** What loading a function's bundle costs. */
export interface BundleLoad {
  readonly app: string;
  readonly bytes: number;
  /** Bytes compressed as in a zip. */
  readonly zippedBytes: number;
  /**
   * Milliseconds that its fastest load takes over the fastest start of a bare node, run next to each other: what is
   * slower than that, the machine was busy with something else.
   */
  readonly fastestOverBareMs: number;
  /** Processor time of a load, less the median of a bare node's. */
  readonly processorOverBareMs: Samples;
}

/** Whatever a function reads at load time; it is never called here. */
const ENVIRONMENT = {
  ...LOAD_ENVIRONMENT,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
};

/** A bundle that doesn't load. */
export class BundleNotLoadedError extends Error {
  override readonly name = 'BundleNotLoadedError';
}

/**
 * Loads every built bundle in a fresh process, `runs` times, each next to an empty one.
 * @throws BundleNotLoadedError
 */
export function measureBundles(runs: number): BundleLoad[] {
  return builtBundles().map(({ app, file }) => {
    const script = `await import(${JSON.stringify(pathToFileURL(file).href)});`;
    const bare: ProcessRun[] = [];
    const loaded: ProcessRun[] = [];
    for (let n = 0; n < runs; n += 1) {
      bare.push(runNode(''));
      loaded.push(runNode(script));
    }
    const bareProcessor = samples(
      'ms',
      bare.map(({ processorMs }) => processorMs),
    ).median;
    const code = readFileSync(file);
    return {
      app,
      bytes: code.length,
      zippedBytes: gzipSync(code, { level: 9 }).length,
      fastestOverBareMs: fastest(loaded) - fastest(bare),
      processorOverBareMs: samples(
        'ms',
        loaded.map(({ processorMs }) => processorMs - bareProcessor),
      ),
    };
  });
}

function fastest(runs: readonly ProcessRun[]): number {
  return Math.min(...runs.map(({ elapsedMs }) => elapsedMs));
}

interface ProcessRun {
  readonly elapsedMs: number;
  readonly processorMs: number;
}

function builtBundles(): readonly { readonly app: string; readonly file: string }[] {
  const apps = join(REPOSITORY, 'apps');
  return readdirSync(apps)
    .filter((app) => readdirSync(join(apps, app)).includes('dist'))
    .map((app) => ({ app, file: join(apps, app, 'dist/index.mjs') }));
}

const REPORT =
  'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); process.exit(0)';

function runNode(script: string): ProcessRun {
  // The real path: npm's node is a link, and following it would be measured too.
  const node = realpathSync(process.execPath);
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(node, ['--input-type=module', '-e', `${script} ${REPORT}`], {
    env: ENVIRONMENT,
    encoding: 'utf8',
  });
  const elapsedMs = performance.now() - begun;
  if (status !== 0) {
    throw new BundleNotLoadedError(stderr.trim().split('\n')[0] ?? '');
  }
  return { elapsedMs, processorMs: Number(stdout) };
}
