import type { LogSink } from '../engines.ts';
import { operationFor } from './look-ups.ts';
import { recent } from './recent.ts';
import type { FindSubjects } from './subjects.ts';
import type { Usage, UsageLine } from './usage.ts';

/** Requests whose lines wait to be told whose they are; they end within seconds. */
const REMEMBERED_REQUESTS = 2_000;

export interface MeteredLogs {
  readonly sink: (sink: LogSink) => LogSink;
  /**
   * Tells whose a request was that has ended: an invocation, or a request to an API. Its lines that name nobody, as
   * those of the platform and of the access log, are its subjects' from then on.
   * @param lookUpRoute where it was a look-up
   */
  ended(requestId: string, subjects: readonly string[], lookUpRoute?: string): void;
}

/** Meters what goes to the logs: bytes of messages. A line is of whom it names, else of whom its request is. */
export function meteredLogs(usage: Usage, find: FindSubjects): MeteredLogs {
  /** By log stream: an execution environment runs one invocation at a time. */
  const running = recent<string>(REMEMBERED_REQUESTS);
  const waiting = recent<UsageLine[]>(REMEMBERED_REQUESTS);

  function meter(resource: string, stream: string, message: string): void {
    const amounts = { logBytes: Buffer.byteLength(message) };
    const line = { service: 'logs', resource, operation: 'PutLogEvents', count: 1, amounts };
    const subjects = find(message);
    usage.add(line, subjects);
    const [, started] = /^START RequestId: (\S+)/.exec(message) ?? [];
    if (started !== undefined) {
      running.set(stream, started);
    }
    const requestId = running.get(stream) ?? /"requestId":"([^"]+)"/.exec(message)?.[1];
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
