import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Endpoints } from './greeting.ts';
import { defaultDataDir, type LocalOptions } from './options.ts';

/** What other programs find a running system by. */
export interface Published {
  /** Removes it: the system ends. */
  withdraw(): void;
}

/**
 * Writes the endpoints down as `endpoints.json` of the data directory. An ephemeral system's is a temporary one, so
 * the environment's own data directory gets an `ephemeral.json` that names it. (Not with `--json`: a program that
 * started a system knows where it is, and no other command shall come upon it.)
 */
export function publishEndpoints(endpoints: Endpoints, dataDir: string, options: LocalOptions): Published {
  const file = join(dataDir, 'endpoints.json');
  writeWhole(file, endpoints);
  if (options.dataDir !== undefined || options.json) {
    return { withdraw: () => rmSync(file, { force: true }) };
  }
  const pointer = resolve(defaultDataDir(options.environment), 'ephemeral.json');
  writeWhole(pointer, { pid: endpoints.pid, dataDir });
  return {
    withdraw: () => {
      rmSync(file, { force: true });
      // Another ephemeral system may have started since, and taken the place.
      if (existsSync(pointer) && readFileSync(pointer, 'utf8').includes(JSON.stringify(dataDir))) {
        rmSync(pointer, { force: true });
      }
    },
  };
}

/** By a rename, so that no reader ever sees half of it. */
function writeWhole(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(unfinished, file);
}
