/**
 * Bundles the Lambda functions: all of them, or those named as arguments; with `--stale` only those whose sources
 * have changed since.
 *
 *     node tools/build-lambdas.ts [--stale] [app...]
 */
import type { Metafile } from 'esbuild';
import { isFresh, recordInputs } from './bundle-freshness.ts';
import { findLambdaApps, type LambdaApp } from './lambda-apps.ts';

function chosenApps(all: readonly LambdaApp[], names: readonly string[]): readonly LambdaApp[] {
  if (names.length === 0) {
    return all;
  }
  return names.map((name) => {
    const app = all.find((candidate) => candidate.name === name);
    if (app === undefined) {
      throw new Error(`${name} is no Lambda app; there are: ${all.map((known) => known.name).join(', ')}`);
    }
    return app;
  });
}

async function staleOnes(apps: readonly LambdaApp[]): Promise<readonly LambdaApp[]> {
  const fresh = await Promise.all(apps.map(isFresh));
  return apps.filter((_, index) => fresh[index] !== true);
}

const STALE = '--stale';
const args = process.argv.slice(2);
const chosen = chosenApps(
  await findLambdaApps(),
  args.filter((arg) => arg !== STALE),
);
const apps = args.includes(STALE) ? await staleOnes(chosen) : chosen;
if (apps.length > 0) {
  await bundleAll(apps);
}

async function bundleAll(apps: readonly LambdaApp[]): Promise<void> {
  // Loaded here: where nothing is stale, nobody waits for esbuild.
  const { bundleBytes, bundleLambda } = await import('./lambda-bundle.ts');
  const bundled = async (app: LambdaApp): Promise<Metafile> => {
    const metafile = await bundleLambda(app);
    await recordInputs(app, metafile);
    return metafile;
  };
  const started = performance.now();
  const results = await Promise.allSettled(apps.map(bundled));
  for (const [index, result] of results.entries()) {
    const name = apps[index]?.name ?? '';
    if (result.status === 'fulfilled') {
      console.log(`${name}: ${Math.round(bundleBytes(result.value) / 1000)} kB`);
    } else {
      console.error(`${name}: ${String(result.reason)}`);
      process.exitCode = 1;
    }
  }
  console.log(`bundled ${apps.length} functions in ${Math.round(performance.now() - started)} ms`);
}
