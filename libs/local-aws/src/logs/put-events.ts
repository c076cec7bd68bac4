import type { LogSink } from '../engines.ts';
import { AwsError, type JsonObject } from '../service-call.ts';

/**
 * PutLogEvents, for functions that write to CloudWatch Logs themselves.
 * @throws AwsError InvalidParameterException
 */
export function putEvents(append: LogSink['append'], groupName: string, input: JsonObject): void {
  const { logStreamName, logEvents } = input;
  if (typeof logStreamName !== 'string' || !Array.isArray(logEvents) || logEvents.length === 0) {
    throw new AwsError('InvalidParameterException', 'logStreamName and logEvents are required');
  }
  append(groupName, logStreamName, logEvents.map(checkedEvent));
}

function checkedEvent(event: unknown): { timestamp: number; message: string } {
  const { timestamp, message } = (event ?? {}) as Record<string, unknown>;
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new AwsError('InvalidParameterException', 'timestamp of a log event must be epoch milliseconds');
  }
  if (typeof message !== 'string' || message === '') {
    throw new AwsError('InvalidParameterException', 'message of a log event must be text');
  }
  return { timestamp, message };
}
