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
/** dlq-handler records a dead letter within seconds. */
const DLQ_LIMIT_MINUTES = 15;
/** Times the longest regular stay in a queue: all receives, each with its visibility timeout. */
const QUEUE_AGE_FACTOR = 3;

/** A count that is missing is none: where every order fails, nothing may be fulfilled for hours. */
const FULFILLED = 'FILL(fulfilled, 0)';
const SETTLED = `(${FULFILLED} + FILL(refused, 0))`;
const SUCCESS_RATE = `IF(${SETTLED} >= ${SUCCESS_RATE_MIN_ORDERS}, ${FULFILLED} / ${SETTLED})`;

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
  const refused = ownMetric(context, METRIC_NAMES.ordersRefused);
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
    anyOf(
      'orders-at-odds',
      'The warehouse fulfilled an order that is FAILED; the log of fulfill-order names it, redrive it',
      ownMetric(context, METRIC_NAMES.ordersAtOdds),
    ),
    anyOf(
      'dead-letters-not-recorded',
      'dlq-handler can not record dead letters; they stay in the queue and come again',
      ownMetric(context, METRIC_NAMES.deadLettersNotRecorded),
    ),
    {
      id: 'success-rate',
      description: `Of the orders that fulfilment decided on, fewer are fulfilled than the configured share of ${configured}`,
      watched: {
        expression: SUCCESS_RATE,
        metrics: { fulfilled, refused },
        statistic: 'Sum',
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
  return [
    {
      id: 'order-queue-age',
      description: 'Orders wait too long: fulfill-order is down, throttled or too slow',
      watched: {
        metric: queueMetric(queues.orderQueue, 'ApproximateAgeOfOldestMessage'),
        statistic: 'Maximum',
      },
      comparison: 'GreaterThanThreshold',
      threshold: QUEUE_AGE_FACTOR * regularStay,
      periodSeconds: MINUTES,
      periods: 3,
      missingData: 'notBreaching',
    },
    {
      // By number, not by age: SQS leaves messages that were received three times or more out of the age, and a dead
      // letter that can't be recorded is received again and again.
      id: 'order-dlq-not-empty',
      description: `Dead letters have been in the queue for ${DLQ_LIMIT_MINUTES} minutes: dlq-handler does not record them`,
      watched: {
        expression: 'FILL(visible, 0) + FILL(in_flight, 0)',
        metrics: {
          visible: queueMetric(queues.orderDlq, 'ApproximateNumberOfMessagesVisible'),
          in_flight: queueMetric(queues.orderDlq, 'ApproximateNumberOfMessagesNotVisible'),
        },
        statistic: 'Maximum',
      },
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      periodSeconds: MINUTES,
      periods: DLQ_LIMIT_MINUTES,
      missingData: 'notBreaching',
    },
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
