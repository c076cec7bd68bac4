import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { WORKSPACE_ROOT, type LambdaApp } from './lambda-apps.ts';

/** What a bundle depends on beside the sources in it: how it is built, and with what. */
const TOOLS = ['tools/lambda-bundle.ts', 'tools/lambda-credentials.ts', 'package-lock.json'];

/** Writes down what a bundle was made of, for `isFresh`. */
export async function recordInputs(app: LambdaApp, { inputs }: Metafile): Promise<void> {
  const paths = [...Object.keys(inputs), ...TOOLS];
  const stamps = await Promise.all(paths.map(async (path) => [path, await stampOf(path)]));
  await writeFile(recordOf(app), JSON.stringify(Object.fromEntries(stamps)));
}

/** Whether the bundle is there and everything that it was made of is as it was then, by time and size. */
export async function isFresh(app: LambdaApp): Promise<boolean> {
  try {
    await stat(join(app.folder, 'dist/index.mjs'));
    const record = JSON.parse(await readFile(recordOf(app), 'utf8')) as Readonly<Record<string, string>>;
    const entries = Object.entries(record);
    const stamps = await Promise.all(entries.map(([path]) => stampOf(path)));
    return entries.every(([, stamp], index) => stamp === stamps[index]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) {
      return false; // Never built, a source that is gone, or a record cut short.
    }
    throw error;
  }
}

function recordOf(app: LambdaApp): string {
  return join(app.folder, 'dist/inputs.json');
}

async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size } = await stat(join(WORKSPACE_ROOT, path));
  return `${mtimeMs} ${size}`;
}
