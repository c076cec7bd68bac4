import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outputs } from './terraform-outputs.ts';

/** What a running local system keeps in its data directory, as `endpoints.json`. */
export interface Endpoints {
  readonly pid: number;
  readonly environment: string;
  readonly region: string;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly outputs: Outputs;
}

/**
 * The system that runs in a data directory.
 * @returns undefined where none was started, or it is gone without having removed its file
 */
export function systemIn(dataDir: string): Endpoints | undefined {
  const endpoints = jsonIn(join(dataDir, 'endpoints.json'));
  return isEndpoints(endpoints) && isRunning(endpoints.pid) ? endpoints : undefined;
}

/**
 * The system of an environment that `npm start` runs: in the environment's data directory, or, started with
 * `--ephemeral`, in the temporary one that `ephemeral.json` there names.
 */
export function systemOf(root: string, environment: string): Endpoints | undefined {
  const dataDir = join(root, '.dofs', environment);
  const pointer = jsonIn(join(dataDir, 'ephemeral.json'));
  const temporary = isObject(pointer) ? pointer['dataDir'] : undefined;
  return systemIn(dataDir) ?? (typeof temporary === 'string' ? systemIn(temporary) : undefined);
}

/** Undefined where there is no such file, or one that a full disk or a power cut left half written. */
function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEndpoints(value: unknown): value is Endpoints {
  return (
    isObject(value) &&
    typeof value['pid'] === 'number' &&
    ['environment', 'region', 'apiUrl', 'awsEndpoint'].every((name) => typeof value[name] === 'string') &&
    isObject(value['outputs'])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
