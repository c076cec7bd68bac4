import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The workspace's top folder. */
export const WORKSPACE_ROOT = join(import.meta.dirname, '..');

export interface LambdaApp {
  /** `api-handler` */
  readonly name: string;
  /** Its folder, absolute. */
  readonly folder: string;
}

interface Manifest {
  readonly nx?: { readonly tags?: readonly string[] };
}

/** The apps that are Lambda functions: those whose package.json carries the nx tag `type:lambda`, by name. */
export async function findLambdaApps(): Promise<readonly LambdaApp[]> {
  const appsFolder = join(WORKSPACE_ROOT, 'apps');
  const names = (await readdir(appsFolder)).sort();
  const apps = await Promise.all(names.map((name) => lambdaAppIn(join(appsFolder, name), name)));
  return apps.filter((app) => app !== undefined);
}

async function lambdaAppIn(folder: string, name: string): Promise<LambdaApp | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, 'package.json'), 'utf8');
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ENOTDIR'
    ) {
      return undefined; // What is left of a removed app: no package, no Lambda.
    }
    throw error;
  }
  const manifest = JSON.parse(text) as Manifest;
  return manifest.nx?.tags?.includes('type:lambda') === true ? { name, folder } : undefined;
}
