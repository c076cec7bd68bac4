import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Mutation } from './mutations.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** The mutation's text is not, or not just once, in its file: the code has moved on and the mutation must follow. */
export class StaleMutationError extends Error {
  override readonly name = 'StaleMutationError';
}

/** A copy of the working tree, without what is built, that shares the installed packages. */
export interface RepositoryCopy {
  readonly path: string;
  remove(): void;
}

export function copyRepository(): RepositoryCopy {
  const path = mkdtempSync(join(tmpdir(), 'dofs-mutation-'));
  const files = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  for (const file of files.stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    cpSync(join(REPOSITORY, file), join(path, file));
  }
  linkPackages(path);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Links every installed package but our own, which must be the copy's. */
function linkPackages(path: string): void {
  const installed = join(REPOSITORY, 'node_modules');
  mkdirSync(join(path, 'node_modules', '@dofs'), { recursive: true });
  for (const name of readdirSync(installed).filter((entry) => entry !== '@dofs')) {
    symlinkSync(join(installed, name), join(path, 'node_modules', name));
  }
  for (const folder of ['apps', 'libs']) {
    for (const name of readdirSync(join(path, folder))) {
      symlinkSync(join(path, folder, name), join(path, 'node_modules', '@dofs', name));
    }
    linkNestedPackages(path, folder);
  }
}

/** Packages that npm could not hoist. */
function linkNestedPackages(path: string, folder: string): void {
  for (const name of readdirSync(join(REPOSITORY, folder))) {
    const nested = join(REPOSITORY, folder, name, 'node_modules');
    try {
      readdirSync(nested);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        continue;
      }
      throw error;
    }
    symlinkSync(nested, join(path, folder, name, 'node_modules'));
  }
}

/**
 * Breaks the copy. The answer mends it.
 * @throws StaleMutationError
 */
export function mutate(copy: RepositoryCopy, { name, file, from, to }: Mutation): () => void {
  const path = join(copy.path, file);
  const original = readFileSync(path, 'utf8');
  if (original.split(from).length !== 2) {
    throw new StaleMutationError(
      `"${name}": its text stands ${original.split(from).length - 1} times in ${file}, not once`,
    );
  }
  writeFileSync(
    path,
    original.replace(from, () => to),
  );
  return () => writeFileSync(path, original);
}
