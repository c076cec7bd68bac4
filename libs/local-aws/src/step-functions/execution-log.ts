import type { LogSink } from '../engines.ts';
import type { JsonObject } from '../service-call.ts';
import type { StateMachineDescription } from '../stack-description.ts';
import type { HistoryEvent } from './execution-store.ts';

/** Writes what a machine's logging configuration asks for. */
export type LogEvent = (executionArn: string, startDate: number, event: HistoryEvent) => void;

/** https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html */
const FATAL = new Set(['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut']);
const ERROR = /(Failed|TimedOut|Aborted)$/;
const EXECUTION_DATA = new Set(['input', 'inputDetails', 'output', 'outputDetails', 'parameters', 'cause']);
const NOT_DETAILS = new Set(['id', 'type', 'timestamp', 'previousEventId']);

export function createExecutionLog({ name, logging }: StateMachineDescription, sink: LogSink): LogEvent {
  if (logging === undefined || logging.level === 'OFF') {
    return () => undefined;
  }
  const { level, logGroupName, includeExecutionData } = logging;
  return (executionArn, startDate, event) => {
    const type = String(event['type']);
    if ((level === 'FATAL' && !FATAL.has(type)) || (level === 'ERROR' && !ERROR.test(type))) {
      return;
    }
    const timestamp = Math.round(Number(event['timestamp']) * 1000);
    const message = JSON.stringify({
      id: String(event.id),
      type,
      details: detailsOf(event, includeExecutionData),
      previous_event_id: String(event['previousEventId']),
      event_timestamp: String(timestamp),
      execution_arn: executionArn,
    });
    const day = new Date(startDate).toISOString().slice(0, 10);
    sink.append(logGroupName, `states/${name}/${day}`, [{ timestamp, message }]);
  };
}

function detailsOf(event: HistoryEvent, withData: boolean): JsonObject {
  const details = Object.entries(event).filter(([key]) => !NOT_DETAILS.has(key));
  const members = details.flatMap(([, value]) => Object.entries(value as JsonObject));
  return Object.fromEntries(withData ? members : members.filter(([key]) => !EXECUTION_DATA.has(key)));
}
