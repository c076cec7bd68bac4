import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { FunctionRunner, LogSink } from '../engines.ts';
import type { Identities } from '../iam/identities.ts';
import type { Logs } from '../logs/logs-service.ts';
import type { Meter } from '../meter/meter.ts';
import type { Dispatch } from '../service-call.ts';

/** What the parts of a stack share while they are started. */
export interface Wiring {
  readonly clock: Clock;
  readonly report: (source: string, detail: unknown) => void;
  readonly identities: Identities;
  /** Calls wait in it until everything runs. */
  readonly dispatch: Dispatch;
  readonly functions: FunctionRunner;
  readonly logs: Logs;
  /** Where workflows and functions log: the service, behind the meter if there is one. */
  readonly sink: LogSink;
  readonly meter: Meter | undefined;
}

/** A store's folder below the data directory, which is made; undefined where nothing is kept. */
export function folderIn(dataDir: string | undefined, name: string): string | undefined {
  if (dataDir === undefined) {
    return undefined;
  }
  mkdirSync(dataDir, { recursive: true });
  return join(dataDir, name);
}

/** A store's file below the data directory; in memory where nothing is kept. */
export function fileIn(dataDir: string | undefined, name: string): string {
  return folderIn(dataDir, name) ?? ':memory:';
}
