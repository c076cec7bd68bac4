import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import type { Target } from './target.ts';

/** One line that a function or the state machine logged. */
export interface LogLine {
  /** ISO 8601. */
  readonly at: string;
  /** `fulfill-order`; the log group's name where it is no function of this environment. */
  readonly source: string;
  /** As it was logged. */
  readonly text: string;
  /** Its members, where the line is a JSON object. */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

export interface LogQuery {
  readonly orderId: string;
  /** Epoch milliseconds; lines before aren't searched. */
  readonly fromMs: number;
  /** Only these functions; absent: every log group of the environment. */
  readonly functions?: readonly string[];
}

export interface OrderLogs {
  /**
   * Every log line that names the order, in the order of time. CloudWatch shows a line some seconds after it was
   * logged.
   * @throws OperationError
   */
  find(query: LogQuery): Promise<readonly LogLine[]>;
  close(): void;
}

/** The logs of a target. */
export function openOrderLogs(target: Target): OrderLogs {
  const client = new CloudWatchLogsClient(clientConfig(target));
  const find = async (query: LogQuery): Promise<readonly LogLine[]> => {
    const groups =
      query.functions === undefined
        ? await logGroups(client, target)
        : query.functions.map((name) => `${functionGroupPrefix(target)}${name}`);
    const lines = await Promise.all(groups.map((group) => linesOf(client, target, group, query)));
    // Stable, so that lines of one millisecond keep their order within a group.
    return lines.flat().sort((a, b) => a.at.localeCompare(b.at));
  };
  return { find: (query) => withAwsErrors(target, () => find(query)), close: () => client.destroy() };
}

function functionGroupPrefix(target: Target): string {
  return `/aws/lambda/${target.names.prefix}-`;
}

/** Where the state machine's log group is. */
const STATE_MACHINE_LOGS = '/aws/vendedlogs/stepfunctions/';

async function logGroups(client: CloudWatchLogsClient, target: Target): Promise<readonly string[]> {
  const names: string[] = [];
  for (const logGroupNamePrefix of [
    functionGroupPrefix(target),
    `${STATE_MACHINE_LOGS}${target.names.prefix}`,
  ]) {
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
      names.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
    }
  }
  return names;
}

async function linesOf(
  client: CloudWatchLogsClient,
  target: Target,
  logGroupName: string,
  query: LogQuery,
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  const request = { logGroupName, filterPattern: `"${query.orderId}"`, startTime: query.fromMs };
  for await (const page of paginateFilterLogEvents({ client }, request)) {
    for (const { timestamp, message } of page.events ?? []) {
      lines.push({
        at: new Date(timestamp ?? 0).toISOString(),
        source: sourceOf(target, logGroupName),
        text: (message ?? '').trimEnd(),
        fields: jsonFields(message ?? ''),
      });
    }
  }
  return lines;
}

function sourceOf(target: Target, logGroupName: string): string {
  const prefix = functionGroupPrefix(target);
  return logGroupName.startsWith(prefix) ? logGroupName.slice(prefix.length) : logGroupName;
}

/** Lambda's own lines (START, REPORT) are text under the text log format; they stay as they are. */
function jsonFields(text: string): Readonly<Record<string, unknown>> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}
