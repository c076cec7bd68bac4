import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StackDescription } from '../stack-description.ts';
import { readStack } from './read-stack.ts';

export type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** Sections of a Terraform JSON file, such as `{ resource: { aws_sqs_queue: { orders: { name: 'orders' } } } }`. */
export interface Sections {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly [section: string]: unknown;
}

/** Writes a stack as CDKTF would, for one test, and reads it. */
export function readSections(sections: Sections): StackDescription {
  const stackDir = mkdtempSync(join(tmpdir(), 'local-aws-stack-'));
  onTestFinished(() => rmSync(stackDir, { recursive: true, force: true }));
  const file = { provider: { aws: [{ region: 'eu-west-1' }] }, ...sections };
  writeFileSync(join(stackDir, 'cdk.tf.json'), JSON.stringify(file));
  return readStack(stackDir);
}
