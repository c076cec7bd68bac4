import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import type { Context } from '../../stacks/context.ts';
import type { AlarmDefinition } from './alarm.ts';
import {
  apiMetric,
  functionMetric,
  ownMetric,
  queueMetric,
  tableMetric,
  workflowMetric,
  type Metric,
} from './metrics.ts';
import type { MonitoredParts, TimedFunction } from './monitoring.ts';

const MINUTES = 60;
/** Share of a function's timeout that its slowest hundredth may take. */
const DURATION_SHARE = 0.8;
const API_LATENCY_MS = 3000;
/** By how much the share of fulfilled orders may fall below the configured one, and over how many orders. */
const SUCCESS_RATE_TOLERANCE = 0.1;
const SUCCESS_RATE_MIN_ORDERS = 100;
/** Times the longest regular stay in a queue: all receives, each with its visibility timeout. */
const QUEUE_AGE_FACTOR = 3;

/** Every alarm of an environment. */
export function alarmsOf(context: Context, parts: MonitoredParts): readonly AlarmDefinition[] {
  return [
    ...orderAlarms(context),
    ...queueAlarms(context, parts),
    ...parts.functions.flatMap(functionAlarms),
    ...workflowAlarms(parts),
    ...apiAlarms(parts),
    ...tableAlarms(parts),
    sweepRuns(context, parts.sweep),
  ];
}

function orderAlarms(context: Context): readonly AlarmDefinition[] {
  const fulfilled = ownMetric(context, METRIC_NAMES.ordersFulfilled);
  const failed = ownMetric(context, METRIC_NAMES.ordersFailed);
  const configured = context.settings.fulfillmentSuccessRate;
  return [
    anyOf(
      'dead-lettered-orders',
      'Orders failed technically and were dead-lettered; failed list --source sqs-dlq of the command line shows them',
      ownMetric(context, METRIC_NAMES.ordersDeadLettered),
    ),
    anyOf(
      'requeued-orders',
      'The sweep found orders that were stuck and queued them again: something loses messages',
      ownMetric(context, METRIC_NAMES.ordersRequeued),
    ),
    {
      id: 'success-rate',
      description: `Fewer orders are fulfilled than the configured share of ${configured}`,
      watched: {
        expression: `IF(fulfilled + failed >= ${SUCCESS_RATE_MIN_ORDERS}, fulfilled / (fulfilled + failed))`,
        metrics: { fulfilled, failed },
      },
      comparison: 'LessThanThreshold',
      threshold: Math.max(0, Math.round((configured - SUCCESS_RATE_TOLERANCE) * 100) / 100),
      periodSeconds: 15 * MINUTES,
      periods: 2,
      missingData: 'notBreaching',
    },
  ];
}

function queueAlarms({ settings }: Context, { queues }: MonitoredParts): readonly AlarmDefinition[] {
  const regularStay = settings.visibilityTimeoutSeconds * settings.maxReceiveCount;
  const old = (id: string, description: string, metric: Metric): AlarmDefinition => ({
    id,
    description,
    watched: { metric, statistic: 'Maximum' },
    comparison: 'GreaterThanThreshold',
    threshold: QUEUE_AGE_FACTOR * regularStay,
    periodSeconds: MINUTES,
    periods: 3,
    missingData: 'notBreaching',
  });
  return [
    old(
      'order-queue-age',
      'Orders wait too long: fulfill-order is down, throttled or too slow',
      queueMetric(queues.orderQueue, 'ApproximateAgeOfOldestMessage'),
    ),
    old(
      'order-dlq-age',
      'dlq-handler can not record dead letters; they are kept in the queue',
      queueMetric(queues.orderDlq, 'ApproximateAgeOfOldestMessage'),
    ),
  ];
}

function functionAlarms({ name, lambda, timeoutSeconds }: TimedFunction): readonly AlarmDefinition[] {
  return [
    anyOf(
      `${name}-errors`,
      `${name} threw, timed out or ran out of memory; its log says why`,
      functionMetric(lambda, 'Errors'),
    ),
    anyOf(
      `${name}-throttles`,
      `${name} was throttled: the account's concurrency is used up`,
      functionMetric(lambda, 'Throttles'),
    ),
    {
      id: `${name}-duration`,
      description: `${name} comes close to its timeout of ${timeoutSeconds} s`,
      watched: { metric: functionMetric(lambda, 'Duration'), statistic: 'p99' },
      comparison: 'GreaterThanThreshold',
      threshold: Math.round(timeoutSeconds * 1000 * DURATION_SHARE),
      periodSeconds: 5 * MINUTES,
      periods: 3,
      missingData: 'notBreaching',
    },
  ];
}

function workflowAlarms({ workflow }: MonitoredParts): readonly AlarmDefinition[] {
  const metric = (name: string) => workflowMetric(workflow.stateMachine.arn, name);
  return [
    anyOf(
      'executions-failed',
      'Orders failed technically in the workflow; the execution says in which state',
      metric('ExecutionsFailed'),
    ),
    anyOf(
      'executions-timed-out',
      'Executions ran out of time; the sweep records their orders',
      metric('ExecutionsTimedOut'),
    ),
    anyOf(
      'executions-throttled',
      'State transitions are throttled: the account quota of Step Functions is reached',
      metric('ExecutionThrottled'),
    ),
  ];
}

function apiAlarms({ api }: MonitoredParts): readonly AlarmDefinition[] {
  const metric = (name: string) => apiMetric(api.restApi.name, api.stage, name);
  return [
    anyOf('api-5xx', 'The API answered with server errors; its access log names them', metric('5XXError')),
    {
      id: 'api-latency',
      description: `One answer in a hundred takes over ${API_LATENCY_MS} ms`,
      watched: { metric: metric('Latency'), statistic: 'p99' },
      comparison: 'GreaterThanThreshold',
      threshold: API_LATENCY_MS,
      periodSeconds: 5 * MINUTES,
      periods: 3,
      missingData: 'notBreaching',
    },
  ];
}

function tableAlarms({ tables }: MonitoredParts): readonly AlarmDefinition[] {
  return [
    anyOf(
      'orders-write-throttles',
      'Writes to the orders table are throttled: a hot partition, or growth faster than DynamoDB follows',
      tableMetric(tables.orders, 'WriteThrottleEvents'),
    ),
    anyOf(
      'failed-orders-write-throttles',
      'Writes to the failed orders table are throttled',
      tableMetric(tables.failedOrders, 'WriteThrottleEvents'),
    ),
  ];
}

function sweepRuns({ settings }: Context, sweep: LambdaFunction): AlarmDefinition {
  return {
    id: 'sweep-missing',
    description: 'The sweep for stuck orders has not run: its schedule is off or broken',
    watched: { metric: functionMetric(sweep, 'Invocations'), statistic: 'Sum' },
    comparison: 'LessThanThreshold',
    threshold: 1,
    periodSeconds: settings.sweepIntervalMinutes * MINUTES,
    periods: 3,
    missingData: 'breaching',
  };
}

/** Fires when there was one at all in five minutes. */
function anyOf(id: string, description: string, metric: Metric): AlarmDefinition {
  return {
    id,
    description,
    watched: { metric, statistic: 'Sum' },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    periodSeconds: 5 * MINUTES,
    periods: 1,
    missingData: 'notBreaching',
  };
}
