import type { LogSink } from '../engines.ts';
import { operationFor } from './look-ups.ts';
import { recent } from './recent.ts';
import type { FindSubjects } from './subjects.ts';
import type { Usage, UsageLine } from './usage.ts';

/** Invocations whose lines wait to be told whose they are; they end within seconds. */
const REMEMBERED_INVOCATIONS = 2_000;

export interface MeteredLogs {
  readonly sink: (sink: LogSink) => LogSink;
  /**
   * Tells whose an invocation was that has ended. Its lines that name nobody, as those of the platform, are its
   * subjects' from then on.
   * @param lookUpRoute where it was a look-up
   */
  ended(requestId: string, subjects: readonly string[], lookUpRoute?: string): void;
}

/**
 * A line of a log: bytes of its message.
 * @param lookUpRoute where a look-up made it
 */
export function logLine(logGroupName: string, message: string, lookUpRoute?: string): UsageLine {
  return {
    service: 'logs',
    resource: logGroupName,
    operation: operationFor(lookUpRoute, 'PutLogEvents'),
    count: 1,
    amounts: { logBytes: Buffer.byteLength(message) },
  };
}

/** Meters what goes to the logs. A line is of whom it names, else of whom its invocation is. */
export function meteredLogs(usage: Usage, find: FindSubjects): MeteredLogs {
  /** By log stream: an execution environment runs one invocation at a time. */
  const running = recent<string>(REMEMBERED_INVOCATIONS);
  const waiting = recent<UsageLine[]>(REMEMBERED_INVOCATIONS);

  function meter(resource: string, stream: string, message: string): void {
    const line = logLine(resource, message);
    const subjects = find(message);
    usage.add(line, subjects);
    const [, started] = /^START RequestId: (\S+)/.exec(message) ?? [];
    if (started !== undefined) {
      running.set(stream, started);
    }
    const requestId = running.get(stream);
    if (subjects.length === 0 && requestId !== undefined) {
      waiting.set(requestId, [...(waiting.get(requestId) ?? []), line]);
    }
    if (message.startsWith('REPORT RequestId: ')) {
      running.delete(stream);
    }
  }

  return {
    sink: (sink) => ({
      append(resource, stream, events) {
        for (const { message } of events) {
          meter(resource, stream, message);
        }
        sink.append(resource, stream, events);
      },
    }),
    ended(requestId, subjects, lookUpRoute) {
      for (const line of waiting.get(requestId) ?? []) {
        usage.attribute({ ...line, operation: operationFor(lookUpRoute, line.operation) }, subjects);
      }
      waiting.delete(requestId);
    },
  };
}
