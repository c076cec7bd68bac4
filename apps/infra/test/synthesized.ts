import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackJson } from '../src/rules/stack-json.ts';
import { synthesize } from '../src/synthesize.ts';
import { SHIPPED } from './shipped-settings.ts';

export interface Synthesized {
  /** The folder of a stack, with its assets. */
  folderOf(stack: string): string;
  textOf(stack: string): string;
  jsonOf(stack: string): StackJson & Readonly<Record<string, unknown>>;
  readonly stacks: readonly string[];
  remove(): void;
}

/** Synthesizes the shipped settings into a folder of its own, as a process with these variables would. */
export function synthesized(variables: Readonly<Record<string, string>> = {}): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'infra-test-'));
  synthesize(SHIPPED, { DOFS_STATE_BUCKET: 'a-bucket', ...variables, CDKTF_OUTDIR: outdir });
  const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<Record<string, unknown>>;
  };
  const folderOf = (stack: string) => join(outdir, 'stacks', stack);
  const textOf = (stack: string) => readFileSync(join(folderOf(stack), 'cdk.tf.json'), 'utf8');
  return {
    folderOf,
    textOf,
    jsonOf: (stack) => JSON.parse(textOf(stack)) as StackJson & Record<string, unknown>,
    stacks: Object.keys(stacks).sort(),
    remove: () => {
      rmSync(outdir, { recursive: true });
    },
  };
}
