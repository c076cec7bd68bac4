import { CloudWatchClient, paginateDescribeAlarms, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import type { Target } from './target.ts';

/** An alarm that is going off. */
export interface ActiveAlarm {
  readonly name: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Alarms of the environment in state ALARM. @throws OperationError */
export async function activeAlarms(target: Target): Promise<readonly ActiveAlarm[]> {
  return withCloudWatch(target, async (client) => {
    const alarms: ActiveAlarm[] = [];
    const query = { AlarmNamePrefix: `${target.names.prefix}-`, StateValue: 'ALARM' as const };
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
      alarms.push(
        ...MetricAlarms.map((alarm) => ({
          name: alarm.AlarmName ?? '',
          reason: alarm.StateReason ?? '',
          since: alarm.StateUpdatedTimestamp?.toISOString() ?? '',
        })),
      );
    }
    return alarms;
  });
}

export interface QueueAge {
  readonly queue: string;
  /** Of the oldest message, in seconds; null: SQS reported none lately, as it does for an idle queue. */
  readonly oldestSeconds: number | null;
}

/** SQS reports its metrics each minute, a few minutes late. */
const METRIC_WINDOW_MS = 15 * 60_000;

/** Age of each queue's oldest message, as SQS last reported it. @throws OperationError */
export async function oldestMessageAges(target: Target, now: number): Promise<readonly QueueAge[]> {
  const queues = [target.names.orderQueue, target.names.orderDlq];
  return withCloudWatch(target, async (client) => {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - METRIC_WINDOW_MS),
        EndTime: new Date(now),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: queues.map((queue, index) => ({
          Id: `q${index}`,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value: queue }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        })),
      }),
    );
    return queues.map((queue, index) => ({
      queue,
      oldestSeconds: MetricDataResults.find(({ Id }) => Id === `q${index}`)?.Values?.[0] ?? null,
    }));
  });
}

async function withCloudWatch<T>(
  target: Target,
  calls: (client: CloudWatchClient) => Promise<T>,
): Promise<T> {
  const client = new CloudWatchClient(clientConfig(target));
  try {
    return await withAwsErrors(target, () => calls(client));
  } finally {
    client.destroy();
  }
}
