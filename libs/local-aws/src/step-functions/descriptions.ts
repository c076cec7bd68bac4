import type { JsonObject } from '../service-call.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import type { RunnableMachine } from './executor.ts';

const LIST_PAGE = 100;
const HISTORY_PAGE = 100;
const MAX_PAGE = 1000;

function summary({ arn, machineArn, name, status, startDate, end }: Execution): JsonObject {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: startDate / 1000,
    ...(end === undefined ? {} : { stopDate: end.stopDate / 1000 }),
    redriveCount: 0,
  };
}

/** DescribeExecution's answer. Times are epoch seconds. */
export function describeExecution(execution: Execution): JsonObject {
  const { output, error, cause } = execution.end ?? {};
  return {
    ...summary(execution),
    input: execution.input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'Redrive is not available on this machine',
  };
}

/** ListExecutions' answer, newest first; its token is the last execution's sequence. */
export function listExecutions(
  store: ExecutionStore,
  { description }: RunnableMachine,
  input: JsonObject,
): JsonObject {
  const { statusFilter, nextToken } = input;
  const limit = pageSize(input, LIST_PAGE);
  const cursor = nextToken === undefined ? Number.MAX_SAFE_INTEGER : Number(nextToken);
  const status = typeof statusFilter === 'string' ? statusFilter : undefined;
  const found = store.list(description.arn, status, cursor, limit + 1);
  const page = found.slice(0, limit);
  return {
    executions: page.map(summary),
    ...(found.length > limit ? { nextToken: String(page.at(-1)?.sequence) } : {}),
  };
}

/** GetExecutionHistory's answer; its token is the number of events before the page. */
export function executionHistory(store: ExecutionStore, execution: Execution, input: JsonObject): JsonObject {
  const { reverseOrder, includeExecutionData, nextToken } = input;
  const stored = store.history(execution.sequence);
  const events = reverseOrder === true ? [...stored].reverse() : stored;
  const from = nextToken === undefined ? 0 : Number(nextToken);
  const until = from + pageSize(input, HISTORY_PAGE);
  const page = events.slice(from, until);
  return {
    events: includeExecutionData === false ? page.map(withoutData) : page,
    ...(until < events.length ? { nextToken: String(until) } : {}),
  };
}

function pageSize({ maxResults }: JsonObject, usual: number): number {
  return Math.min(typeof maxResults === 'number' && maxResults > 0 ? maxResults : usual, MAX_PAGE);
}

const DATA = new Set(['input', 'output', 'parameters', 'inputDetails', 'outputDetails']);

function withoutData(event: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).filter(([name]) => !DATA.has(name)))
        : value,
    ]),
  );
}

/** @param created epoch milliseconds */
export function describeMachine({ description }: RunnableMachine, created: number): JsonObject {
  const { arn, name, definition, roleArn, type, logging } = description;
  return {
    stateMachineArn: arn,
    name,
    definition,
    roleArn,
    type,
    creationDate: created / 1000,
    loggingConfiguration: {
      level: logging?.level ?? 'OFF',
      includeExecutionData: logging?.includeExecutionData ?? false,
    },
    tracingConfiguration: { enabled: false },
  };
}
