import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StateBackend } from '../stacks/backend.ts';
import type { ProjectConfig } from './environment-config.ts';
import { SettingsError } from './settings-error.ts';

/** Where the bootstrap notes the bucket that it made (tests: elsewhere). Not committed: accounts differ. */
const NOTE =
  process.env['DOFS_STATE_NOTE'] ?? join(import.meta.dirname, '../../../../.dofs/state-backend.json');

interface Note {
  readonly projectName: string;
  readonly region: string;
  readonly bucket: string;
}

/**
 * Where the state lives. DOFS_STATE_BACKEND is `s3` (also when it isn't set): in the bucket that DOFS_STATE_BUCKET
 * names, or else the one that the bootstrap noted. Or it is `local`: in DOFS_STATE_DIR, or else where we are.
 * @throws SettingsError for any other backend
 */
export function stateBackend(
  variables: Readonly<Record<string, string | undefined>>,
  project: ProjectConfig,
): StateBackend {
  const kind = variables['DOFS_STATE_BACKEND'] ?? 's3';
  switch (kind) {
    case 'local':
      return { kind, folder: variables['DOFS_STATE_DIR'] ?? process.cwd() };
    case 's3':
      return { kind, bucket: variables['DOFS_STATE_BUCKET'] ?? notedBucket(project) };
    default:
      throw new SettingsError([`DOFS_STATE_BACKEND is "${kind}": must be s3 or local`]);
  }
}

/** @returns the file that it is noted in */
export function rememberStateBucket(note: Note): string {
  mkdirSync(dirname(NOTE), { recursive: true });
  writeFileSync(NOTE, `${JSON.stringify(note, undefined, 2)}\n`);
  return NOTE;
}

/** Undefined before the bootstrap, or where it was run for another project or region. */
function notedBucket({ projectName, region }: ProjectConfig): string | undefined {
  try {
    const note = JSON.parse(readFileSync(NOTE, 'utf8')) as Note;
    return note.projectName === projectName && note.region === region ? note.bucket : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
