import type { FunctionRunner } from '../engines.ts';
import type { FunctionDescription } from '../stack-description.ts';
import { lookUpIn, operationFor, type LookUps } from './look-ups.ts';
import type { MeteredLogs } from './metered-logs.ts';
import type { FindSubjects } from './subjects.ts';
import type { Usage } from './usage.ts';

interface FunctionMetering {
  readonly functions: readonly FunctionDescription[];
  readonly usage: Usage;
  readonly find: FindSubjects;
  readonly lookUps: LookUps;
  readonly logs: Pick<MeteredLogs, 'ended'>;
}

/** A function runner that meters what the other one runs: invocations, billed milliseconds, gigabyte-seconds. */
export function meteredFunctions(
  runner: FunctionRunner,
  { functions, usage, find, lookUps, logs }: FunctionMetering,
): FunctionRunner {
  const memory = new Map(functions.map(({ name, memorySizeMb }) => [name, memorySizeMb]));
  return {
    async invoke(functionArn, payload) {
      // arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with a qualifier
      const name = functionArn.split(':')[6] ?? functionArn;
      const lookUp = lookUpIn(payload, find);
      if (lookUp !== undefined) {
        lookUps.begin(name, lookUp);
      }
      try {
        const result = await runner.invoke(functionArn, payload);
        const { billedMs, requestId } = result;
        const gbSeconds = ((memory.get(name) ?? 0) / 1024) * (billedMs / 1000);
        const amounts = { invocations: 1, billedMs, gbSeconds };
        const operation = operationFor(lookUp?.route, 'Invoke');
        const asked = find(payload);
        // An API's function learns only in its answer whose call it was.
        const subjects = asked.length > 0 ? asked : find(result.payload);
        usage.add({ service: 'lambda', resource: name, operation, count: 1, amounts }, subjects);
        logs.ended(requestId, subjects, lookUp?.route);
        return result;
      } finally {
        if (lookUp !== undefined) {
          lookUps.end(name, lookUp);
        }
      }
    },
  };
}
