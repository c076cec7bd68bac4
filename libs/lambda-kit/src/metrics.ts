import { METRIC_DIMENSION, type MetricName } from './metric-names.ts';
import type { WriteLine } from './log.ts';

/**
 * Counts events. One line for all counts of an invocation, zeros too: a share of two counts needs both. No line where
 * all are zero.
 */
export type CountMetrics = (counts: Partial<Record<MetricName, number>>) => void;

export interface MetricSettings {
  readonly namespace: string;
  /** Value of the dimension `environment`. */
  readonly environment: string;
  readonly write: WriteLine;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Metrics by way of the log: CloudWatch reads them out of lines in its embedded metric format
 * (AWS: "Specification: Embedded metric format"), so no call to CloudWatch is made or paid for.
 */
export function countMetrics({ namespace, environment, write, now }: MetricSettings): CountMetrics {
  return (counts) => {
    if (!Object.values(counts).some((count) => count > 0)) {
      return;
    }
    const metrics = Object.keys(counts).map((name) => ({ Name: name, Unit: 'Count' }));
    const directive = { Namespace: namespace, Dimensions: [[METRIC_DIMENSION]], Metrics: metrics };
    write(
      JSON.stringify({
        _aws: { Timestamp: now(), CloudWatchMetrics: [directive] },
        [METRIC_DIMENSION]: environment,
        ...counts,
      }),
    );
  };
}
