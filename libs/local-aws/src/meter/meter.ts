import type { Clock } from '../clock.ts';
import type { FunctionRunner, LogSink } from '../engines.ts';
import type { Interceptor } from '../service-call.ts';
import type { StackDescription } from '../stack-description.ts';
import { createLookUps, operationFor, type LookUps } from './look-ups.ts';
import { meteredDynamoDb } from './metered-dynamodb.ts';
import { meteredExecutions, type ExecutionEvent } from './metered-executions.ts';
import { meteredFunctions } from './metered-functions.ts';
import { logLine, meteredLogs } from './metered-logs.ts';
import { meteredSqs } from './metered-sqs.ts';
import { subjectFinder, type FindSubjects } from './subjects.ts';
import { createUsage, type Usage, type UsageLine } from './usage.ts';

/** What has been used since the start, as `GET /_meter` answers it. */
export interface MeterReading {
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly run: readonly UsageLine[];
  /** Of the subjects that were asked for, those that are known. */
  readonly subjects: Readonly<Record<string, readonly UsageLine[]>>;
}

/** A request to an API that has been answered and logged. */
export interface MeteredRequest {
  readonly apiName: string;
  /** Method and path of the resource: `POST /order`. */
  readonly route: string;
  readonly isBilled: boolean;
  /** Its line in the access log, if there is one. */
  readonly accessLog: { readonly logGroupName: string; readonly message: string } | undefined;
}

/** Counts what AWS would bill. What isn't a call of an AWS API reaches it through its other functions. */
export interface Meter {
  /** The innermost of the interceptors: what a policy or a fault refuses reaches no service, and isn't billed. */
  readonly interceptor: Interceptor;
  functions(runner: FunctionRunner): FunctionRunner;
  logs(sink: LogSink): LogSink;
  /** @param texts request and answer, to tell whose they are */
  apiRequest(request: MeteredRequest, ...texts: readonly string[]): void;
  /** To be told of every event of an execution's history. */
  readonly executionEvent: ExecutionEvent;
  /** @param subjects those to show beside the run's sum */
  reading(subjects: readonly string[] | 'all'): MeterReading;
}

export interface MeterOptions {
  /** A regular expression for what uses are summed up by; see `subjectFinder`. */
  readonly subject: string;
  /** Subjects remembered at once, the latest ones. */
  readonly mostSubjects: number;
  readonly clock: Clock;
}

/** @throws SyntaxError if the subject is no regular expression */
export function createMeter(
  description: Pick<StackDescription, 'tables' | 'functions'>,
  { subject, mostSubjects, clock }: MeterOptions,
): Meter {
  const since = new Date(clock()).toISOString();
  const usage = createUsage(mostSubjects);
  const find = subjectFinder(subject);
  const lookUps = createLookUps();
  const logs = meteredLogs(usage, find);
  const { functions } = description;
  return {
    interceptor: meteredCalls(description, usage, find, lookUps),
    functions: (runner) => meteredFunctions(runner, { functions, usage, find, lookUps, logs }),
    logs: logs.sink,
    apiRequest({ apiName: resource, route: operation, isBilled, accessLog }, ...texts) {
      const subjects = find(...texts);
      if (isBilled) {
        const amounts = { apiRequests: 1 };
        usage.add({ service: 'apigateway', resource, operation, count: 1, amounts }, subjects);
      }
      if (accessLog !== undefined) {
        const { logGroupName, message } = accessLog;
        const lookUpRoute = operation.startsWith('GET ') ? operation : undefined;
        usage.add(logLine(logGroupName, message, lookUpRoute), subjects);
      }
    },
    executionEvent: meteredExecutions(usage, find),
    reading: (subjects) => ({ since, run: usage.run(), subjects: linesBySubject(usage, subjects) }),
  };
}

function meteredCalls(
  { tables }: Pick<StackDescription, 'tables'>,
  usage: Usage,
  find: FindSubjects,
  lookUps: LookUps,
): Interceptor {
  const dynamoDb = meteredDynamoDb(tables, usage, find, lookUps);
  const sqs = meteredSqs(usage, find);
  return (call, next) => {
    switch (call.service) {
      case 'dynamodb':
        return dynamoDb(call, next);
      case 'sqs':
        return sqs(call, next);
      case 'states': {
        const { service, operation, input } = call;
        const texts = [input['input'], input['executionArn']].filter((text) => typeof text === 'string');
        const subjects = find(...texts);
        const named = operationFor(lookUps.routeOf(call, subjects), operation);
        usage.add({ service, resource: 'API', operation: named, count: 1, amounts: {} }, subjects);
        return next(call);
      }
      default:
        return next(call);
    }
  };
}

function linesBySubject(
  usage: Usage,
  subjects: readonly string[] | 'all',
): Record<string, readonly UsageLine[]> {
  const known = (subjects === 'all' ? usage.subjects() : subjects).flatMap((subject) => {
    const lines = usage.of(subject);
    return lines === undefined ? [] : [[subject, lines] as const];
  });
  return Object.fromEntries(known);
}
