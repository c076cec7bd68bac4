import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import type { Context } from '../../stacks/context.ts';
import type { Metric } from './metrics.ts';

export interface AlarmDefinition {
  /** `dead-lettered-orders`; ends the alarm's name. */
  readonly id: string;
  /** What it means, for whoever gets the mail. */
  readonly description: string;
  /** One metric, or an expression over several. */
  readonly watched:
    | { readonly metric: Metric; readonly statistic: string }
    | {
        readonly expression: string;
        readonly metrics: Readonly<Record<string, Metric>>;
        /** Of each of the metrics. */
        readonly statistic: string;
      };
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  /** So many periods in a row. */
  readonly periods: number;
  /** What no data mean: most metrics have none while nothing happens. */
  readonly missingData: 'notBreaching' | 'breaching';
}

/** An alarm that tells the topic when it fires and when it is over. */
export function createAlarm(
  { stack, names }: Context,
  topicArn: string,
  definition: AlarmDefinition,
): CloudwatchMetricAlarm {
  return new CloudwatchMetricAlarm(stack, `alarm_${definition.id.replaceAll('-', '_')}`, {
    alarmName: names.of(definition.id),
    alarmDescription: definition.description,
    comparisonOperator: definition.comparison,
    threshold: definition.threshold,
    evaluationPeriods: definition.periods,
    treatMissingData: definition.missingData,
    alarmActions: [topicArn],
    okActions: [topicArn],
    ...watchedArguments(definition),
  });
}

function watchedArguments({ watched, periodSeconds }: AlarmDefinition) {
  if ('expression' in watched) {
    return {
      metricQuery: [
        { id: 'result', expression: watched.expression, label: 'result', returnData: true },
        ...Object.entries(watched.metrics).map(([id, metric]) => ({
          id,
          returnData: false,
          metric: {
            namespace: metric.namespace,
            metricName: metric.metricName,
            dimensions: metric.dimensions,
            period: periodSeconds,
            stat: watched.statistic,
          },
        })),
      ],
    };
  }
  const { metric, statistic } = watched;
  return {
    ...metric,
    period: periodSeconds,
    ...(statistic.startsWith('p') ? { extendedStatistic: statistic } : { statistic }),
  };
}
