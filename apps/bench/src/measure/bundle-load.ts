import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { LOAD_ENVIRONMENT } from '@dofs/lambda-kit/testing/load-environment';
import { zipSync } from 'fflate';
import { REPOSITORY } from './local-system.ts';
import { samples, type Samples } from './samples.ts';

/** What loading a function's bundle costs. */
export interface BundleLoad {
  readonly app: string;
  readonly bytes: number;
  /** Bytes of the zip that the stack deploys. */
  readonly zippedBytes: number;
  /** A bare node from its start to its end: the pair of each load. */
  readonly bareMs: Samples;
  /** What each load took more than the bare node that was started right before it. */
  readonly elapsedOverBareMs: Samples;
  /** The same in processor time, which says more where the machine is busy. */
  readonly processorOverBareMs: Samples;
}

/** Any values will do: loading a function calls nobody. */
const ENVIRONMENT = {
  ...LOAD_ENVIRONMENT,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

/** A bundle that doesn't load. */
export class BundleNotLoadedError extends Error {
  override readonly name = 'BundleNotLoadedError';
}

/**
 * Loads the built bundles of some functions in fresh processes, `runs` times each, every load right after a bare node. They take turns,
 * so that whatever else the machine does hits all alike.
 * @throws BundleNotLoadedError, or the signal's reason
 */
export async function measureBundles(
  apps: readonly string[],
  runs: number,
  signal: AbortSignal,
): Promise<BundleLoad[]> {
  const measured = apps.map((app) => ({ app, pairs: [] as Pair[] }));
  for (let n = 0; n < runs; n += 1) {
    for (const { app, pairs } of measured) {
      pairs.push({ bare: runNode(''), loaded: runNode(`await import(${JSON.stringify(urlOf(app))});`) });
      // Lets a signal in.
      await turn();
      signal.throwIfAborted();
    }
  }
  return measured.map(({ app, pairs }) => {
    const code = readFileSync(bundleOf(app));
    const of = (value: (pair: Pair) => number) => samples('ms', pairs.map(value));
    return {
      app,
      bytes: code.length,
      zippedBytes: zippedBytes(code),
      bareMs: of(({ bare }) => bare.elapsedMs),
      elapsedOverBareMs: of(({ bare, loaded }) => loaded.elapsedMs - bare.elapsedMs),
      processorOverBareMs: of(({ bare, loaded }) => loaded.processorMs - bare.processorMs),
    };
  });
}

/** Bytes of a bundle's zip, made as apps/infra/src/modules/lambdas/bundle.ts makes it. */
function zippedBytes(code: Uint8Array): number {
  return zipSync({ 'index.mjs': [code, { mtime: new Date(1980, 0, 1), level: 9 }] }).length;
}

function bundleOf(app: string): string {
  return join(REPOSITORY, 'apps', app, 'dist/index.mjs');
}

function urlOf(app: string): string {
  return pathToFileURL(bundleOf(app)).href;
}

interface Pair {
  readonly bare: ProcessRun;
  readonly loaded: ProcessRun;
}

interface ProcessRun {
  /** From spawning node to its end. */
  readonly elapsedMs: number;
  /** Of all its threads. */
  readonly processorMs: number;
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
    throw new BundleNotLoadedError(stderr.trim().split('\n').slice(0, 5).join('\n'));
  }
  return { elapsedMs, processorMs: Number(stdout) };
}
