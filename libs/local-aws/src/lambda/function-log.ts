import type { Clock } from '../clock.ts';
import type { LogSink } from '../engines.ts';
import type { FunctionDescription } from '../stack-description.ts';
import type { Outcome } from './outcomes.ts';

export interface Report {
  readonly durationMs: number;
  readonly memoryBytes?: number | undefined;
  readonly outcome: Outcome;
  /** How long the bundle took to load, at the worker's first invocation. */
  readonly initMs: number | undefined;
}

/** One worker's log stream. */
export interface FunctionLog {
  readonly streamName: string;
  append(message: string): void;
  begin(requestId: string): void;
  /** @returns the end of what has been logged since `begin`, START and REPORT included */
  end(requestId: string, report: Report): string;
}

/** Lambda answers an invocation with the last 4 KB of its log, if asked for (Invoke, LogType). */
const TAIL_BYTES = 4096;

/**
 * @param sink undefined where the function's role may not write logs: then they are lost, as on AWS
 * @param randomId 32 hexadecimal digits
 */
export function openFunctionLog(
  fn: FunctionDescription,
  sink: LogSink | undefined,
  clock: Clock,
  randomId: string,
): FunctionLog {
  const day = new Date(clock()).toISOString().slice(0, 10).replaceAll('-', '/');
  const streamName = `${day}/[$LATEST]${randomId}`;
  let tail = '';
  const append = (message: string) => {
    tail = (tail + message).slice(-TAIL_BYTES);
    sink?.append(fn.logGroupName, streamName, [{ timestamp: clock(), message }]);
  };
  return {
    streamName,
    append,
    begin: (requestId) => {
      tail = '';
      append(`START RequestId: ${requestId} Version: $LATEST\n`);
    },
    end: (requestId, report) => {
      append(`END RequestId: ${requestId}\n`);
      append(reportLine(fn, requestId, report));
      return Buffer.from(tail).subarray(-TAIL_BYTES).toString();
    },
  };
}

const BYTES_PER_MB = 1024 * 1024;

function reportLine(fn: FunctionDescription, requestId: string, report: Report): string {
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(report.durationMs)} ms`,
    `Memory Size: ${fn.memorySizeMb} MB`,
    `Max Memory Used: ${Math.ceil((report.memoryBytes ?? 0) / BYTES_PER_MB)} MB`,
    ...(report.initMs === undefined ? [] : [`Init Duration: ${report.initMs.toFixed(2)} ms`]),
    ...(report.outcome.status === undefined ? [] : [`Status: ${report.outcome.status}`]),
  ];
  return `${fields.join('\t')}\t\n`;
}
