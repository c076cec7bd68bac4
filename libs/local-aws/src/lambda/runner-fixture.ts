import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FunctionDescription } from '../stack-description.ts';
import {
  DEFAULT_LIMITS,
  startFunctions,
  type RunningFunctions,
  type RunnerSettings,
} from './function-runner.ts';

/** A folder with these files in it, for one test. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-code-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A function whose `index.mjs` is this text. */
export function functionOf(source: string, changes: Partial<FunctionDescription> = {}): FunctionDescription {
  return {
    name: 'fn',
    arn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
    roleArn: 'arn:aws:iam::123456789012:role/fn',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    code: changes.code ?? folderWith({ 'index.mjs': source }),
    timeoutSeconds: 5,
    memorySizeMb: 128,
    environment: {},
    logGroupName: '/aws/lambda/fn',
    architecture: 'arm64',
    ...changes,
  };
}

export interface Bench extends RunningFunctions {
  /** The instances whose credentials were issued, in order. */
  readonly instances: string[];
  /** Logged messages in order, of every stream. */
  readonly logged: { readonly group: string; readonly stream: string; readonly message: string }[];
  /** The answer or failure of the function, parsed. */
  call(
    event?: unknown,
    name?: string,
  ): Promise<{ readonly answer: unknown; readonly functionError: string | undefined }>;
}

/** A runner for one test. */
export function startBench(
  functions: readonly FunctionDescription[],
  changes: Partial<RunnerSettings> = {},
): Bench {
  const logged: { group: string; stream: string; message: string }[] = [];
  const instances: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'runner-'));
  const runner = startFunctions({
    unpackDir: join(folder, 'functions'),
    functions,
    region: 'us-east-1',
    endpointUrl: 'http://127.0.0.1:9',
    credentials: {
      credentialsFor: (principal) => {
        if (principal.kind !== 'role') {
          throw new Error('a function is no operator');
        }
        instances.push(principal.instance ?? 'none');
        return { accessKeyId: principal.roleArn, secretAccessKey: 'secret', sessionToken: 'token' };
      },
    },
    logs: {
      append: (group, stream, events) =>
        logged.push(...events.map(({ message }) => ({ group, stream, message }))),
    },
    mayWriteLogs: () => true,
    clock: Date.now,
    randomUuid: randomUUID,
    limits: { ...DEFAULT_LIMITS, scaleOutAfterMs: 5 },
    ...changes,
  });
  onTestFinished(async () => {
    await runner.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...runner,
    logged,
    instances,
    call: async (event = {}, name = 'fn') => {
      const { payload, functionError } = await runner.invoke(name, JSON.stringify(event));
      return { answer: JSON.parse(payload) as unknown, functionError };
    },
  };
}
