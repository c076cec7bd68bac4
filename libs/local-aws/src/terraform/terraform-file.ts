import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './stack-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonRecord = { readonly [key: string]: Json };

/** A resource or data source as the file has it, its references unresolved. */
export interface Block {
  /** `aws_sqs_queue.orders`, `data.aws_region.current` */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly isData: boolean;
  /** Without meta-arguments. */
  readonly args: JsonRecord;
  readonly dependsOn: readonly string[];
}

export interface TerraformFile {
  /** By address. */
  readonly blocks: ReadonlyMap<string, Block>;
  readonly variables: JsonRecord;
  readonly locals: JsonRecord;
  /** Output values by output name. */
  readonly outputs: JsonRecord;
  /** The first AWS provider's arguments. */
  readonly awsProvider: JsonRecord;
}

/** What Terraform itself reads of a block; it says nothing about the resource. */
const META_ARGUMENTS = new Set(['//', 'depends_on', 'lifecycle', 'provider', 'provisioner', 'connection']);

/**
 * Reads a synthesized stack.
 * @param stackDir the folder of its `cdk.tf.json`
 * @throws StackError where the file is missing, is not JSON or has `count` or `for_each` in it
 */
export function readTerraformFile(stackDir: string): TerraformFile {
  const path = join(stackDir, 'cdk.tf.json');
  return terraformFile(parseFile(path), path);
}

function parseFile(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (error) {
    throw new StackError(path, error instanceof Error ? error.message : String(error));
  }
}

function terraformFile(content: Json, path: string): TerraformFile {
  const file = record(content, path);
  const blocks = [...blocksOf(file, 'resource', path), ...blocksOf(file, 'data', path)];
  const aws: Json = section(file, 'provider', path)['aws'] ?? {};
  const providers: readonly Json[] = Array.isArray(aws) ? (aws as readonly Json[]) : [aws];
  return {
    blocks: new Map(blocks.map((block) => [block.address, block])),
    variables: section(file, 'variable', path),
    locals: section(file, 'locals', path),
    outputs: Object.fromEntries(
      Object.entries(section(file, 'output', path)).map(([name, output]) => [
        name,
        record(output, `output.${name}`)['value'] ?? null,
      ]),
    ),
    awsProvider: record(providers[0] ?? {}, 'provider.aws'),
  };
}

function blocksOf(file: JsonRecord, kind: 'resource' | 'data', path: string): Block[] {
  return Object.entries(section(file, kind, path)).flatMap(([type, named]) =>
    Object.entries(record(named, type)).map(([name, args]) =>
      block(kind === 'data', type, name, record(args, `${type}.${name}`)),
    ),
  );
}

function block(isData: boolean, type: string, name: string, all: JsonRecord): Block {
  const address = `${isData ? 'data.' : ''}${type}.${name}`;
  for (const repeated of ['count', 'for_each']) {
    if (Object.hasOwn(all, repeated)) {
      throw new StackError(
        `${address}.${repeated}`,
        'repeated resources are not supported; write each one out',
      );
    }
  }
  const dependsOn = all['depends_on'];
  return {
    address,
    type,
    name,
    isData,
    args: Object.fromEntries(Object.entries(all).filter(([key]) => !META_ARGUMENTS.has(key))),
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

function section(file: JsonRecord, name: string, path: string): JsonRecord {
  return record(file[name] ?? {}, `${path}: ${name}`);
}

function record(value: Json | undefined, where: string): JsonRecord {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new StackError(where, 'expected an object');
  }
  return value as JsonRecord;
}
