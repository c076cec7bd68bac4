import type { FunctionRunner, LogSink } from '../engines.ts';
import type { FunctionDescription } from '../stack-description.ts';
import type { FindSubjects } from './subjects.ts';
import type { Usage } from './usage.ts';

/** A function runner that meters what the other one runs: invocations, billed milliseconds, gigabyte-seconds. */
export function meteredFunctions(
  runner: FunctionRunner,
  functions: readonly FunctionDescription[],
  usage: Usage,
  find: FindSubjects,
): FunctionRunner {
  const memory = new Map(functions.map(({ name, memorySizeMb }) => [name, memorySizeMb]));
  return {
    async invoke(functionArn, payload) {
      const result = await runner.invoke(functionArn, payload);
      // arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with a qualifier
      const name = functionArn.split(':')[6] ?? functionArn;
      const { billedMs } = result;
      const gbSeconds = ((memory.get(name) ?? 0) / 1024) * (billedMs / 1000);
      const amounts = { invocations: 1, billedMs, gbSeconds };
      const asked = find(payload);
      usage.add(
        { service: 'lambda', resource: name, operation: 'Invoke', count: 1, amounts },
        // An API's function learns only in its answer whose call it was.
        asked.length > 0 ? asked : find(result.payload),
      );
      return result;
    },
  };
}

/** A log sink that meters what the other one takes: bytes of messages. */
export function meteredLogs(sink: LogSink, usage: Usage, find: FindSubjects): LogSink {
  return {
    append(resource, stream, events) {
      for (const { message } of events) {
        const amounts = { logBytes: Buffer.byteLength(message) };
        usage.add({ service: 'logs', resource, operation: 'PutLogEvents', count: 1, amounts }, find(message));
      }
      sink.append(resource, stream, events);
    },
  };
}
