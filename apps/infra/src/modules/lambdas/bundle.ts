import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer.js';
import { Construct } from 'constructs';
import { zipSync } from 'fflate';
import { SettingsError } from '../../config/settings-error.ts';

const APPS = join(import.meta.dirname, '../../../..');
/** The earliest time that a zip can hold: a fixed one, so that the same code gives the same bytes. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/** A function's deployment package as Terraform needs it. */
export interface Bundle {
  /** Path of the zip, seen from the stack's folder. */
  readonly filename: string;
  /** SHA-256 of the zip in base64: what Lambda itself computes, so a second plan sees no change. */
  readonly sourceCodeHash: string;
}

/**
 * Zips `apps/<app>/dist/index.mjs`, the same bytes for the same code, into the stack's folder.
 * @throws SettingsError if the app hasn't been built
 */
export function bundleOf(stack: TerraformStack, app: string): Bundle {
  const zip = zipSync({ 'index.mjs': [builtCode(app), { mtime: ZIP_EPOCH, level: 9 }] });
  const filename = `assets/${app}.zip`;
  addCustomSynthesis(new Construct(stack, `${app}_bundle`), {
    onSynthesize: ({ outdir, manifest }) => {
      const folder = join(outdir, manifest.forStack(stack).workingDirectory);
      mkdirSync(join(folder, 'assets'), { recursive: true });
      writeFileSync(join(folder, filename), zip);
    },
  });
  return { filename, sourceCodeHash: createHash('sha256').update(zip).digest('base64') };
}

function builtCode(app: string): Uint8Array {
  try {
    return readFileSync(join(APPS, app, 'dist/index.mjs'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new SettingsError([`apps/${app}/dist/index.mjs is missing: run npm run build`]);
    }
    throw error;
  }
}
