import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { build, type Metafile, type Plugin } from 'esbuild';
import { WORKSPACE_ROOT, type LambdaApp } from './lambda-apps.ts';

/** A source map that says no more of a file than that it is a dependency. */
const DEPENDENCY_SOURCE_MAP = Buffer.from(
  '{"version":3,"sources":["dependency"],"names":[],"mappings":"AAAA"}',
).toString('base64');

/**
 * Leaves dependencies out of the source map. Theirs would be nine tenths of it, and half of what a function's zip
 * holds; a stack trace names our own lines, which are the ones that one looks for.
 */
const dependenciesWithoutSourceMap: Plugin = {
  name: 'dependencies-without-source-map',
  setup(bundler) {
    bundler.onLoad({ filter: /node_modules.*\.[cm]?js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      const map = `//# sourceMappingURL=data:application/json;base64,${DEPENDENCY_SOURCE_MAP}`;
      return { contents: `${code}\n${map}`, loader: 'js' };
    });
  },
};

/**
 * Bundles one Lambda: `apps/<x>/src/index.ts` -> `apps/<x>/dist/index.mjs`, what the stack deploys and the local
 * system runs.
 * @returns esbuild's account of what went in
 * @throws esbuild's BuildFailure
 */
export async function bundleLambda(app: LambdaApp): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: WORKSPACE_ROOT,
    entryPoints: [join(app.folder, 'src/index.ts')],
    outfile: join(app.folder, 'dist/index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    // The ESM builds of the AWS SDK can be tree-shaken, the CommonJS ones can't: a third less to load.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(WORKSPACE_ROOT, 'tools/lambda-credentials.ts') },
    // Names of files and lines in stack traces; the sources themselves stay out of the bundle.
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [dependenciesWithoutSourceMap],
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** Size of the code that a bundle is made of, in bytes; source maps don't count. */
export function bundleBytes({ outputs }: Metafile): number {
  return Object.entries(outputs)
    .filter(([path]) => path.endsWith('.mjs'))
    .reduce((total, [, output]) => total + output.bytes, 0);
}
