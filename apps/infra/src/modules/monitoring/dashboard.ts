import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import type { Context } from '../../stacks/context.ts';
import {
  apiMetric,
  functionMetric,
  ownMetric,
  queueMetric,
  tableMetric,
  workflowMetric,
  type Metric,
} from './metrics.ts';
import type { MonitoredParts } from './monitoring.ts';

/** CloudWatch's grid is 24 units wide. */
const WIDTH = 8;
const HEIGHT = 6;
const COLUMNS = 24 / WIDTH;
const PERIOD_SECONDS = 300;

interface Graph {
  readonly title: string;
  /** Statistic -> the metrics to draw with it. */
  readonly lines: readonly (readonly [statistic: string, metric: Metric])[];
  /** Drawn instead of the metrics, which it names m0, m1, ... */
  readonly expression?: { readonly text: string; readonly label: string };
}

/** The pipeline from request to outcome, three graphs a row, the alarms on top. */
export function dashboardBody(
  context: Context,
  parts: MonitoredParts,
  alarmArns: readonly string[],
): unknown {
  const graphs = [
    ...entryGraphs(context, parts),
    ...queueGraphs(parts),
    ...outcomeGraphs(context),
    ...functionGraphs(parts),
    ...tableGraphs(parts),
  ];
  return {
    widgets: [
      {
        type: 'alarm',
        x: 0,
        y: 0,
        width: 24,
        height: 4,
        properties: { title: 'Alarms', alarms: alarmArns },
      },
      ...graphs.map((graph, index) => ({
        type: 'metric',
        x: (index % COLUMNS) * WIDTH,
        y: 4 + Math.floor(index / COLUMNS) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties: {
          title: graph.title,
          region: context.project.region,
          view: 'timeSeries',
          period: PERIOD_SECONDS,
          metrics: linesOf(graph),
        },
      })),
    ],
  };
}

function entryGraphs(_context: Context, { api, workflow }: MonitoredParts): Graph[] {
  const ofApi = (name: string) => apiMetric(api.restApi.name, api.stage, name);
  const ofWorkflow = (name: string) => workflowMetric(workflow.stateMachine.arn, name);
  return [
    {
      title: '1 Requests',
      lines: [
        ['Sum', ofApi('Count')],
        ['Sum', ofApi('4XXError')],
        ['Sum', ofApi('5XXError')],
      ],
    },
    {
      title: 'Latency of the API (ms)',
      lines: [
        ['p50', ofApi('Latency')],
        ['p99', ofApi('Latency')],
      ],
    },
    {
      title: '2 Executions',
      lines: [
        ['Sum', ofWorkflow('ExecutionsStarted')],
        ['Sum', ofWorkflow('ExecutionsSucceeded')],
        ['Sum', ofWorkflow('ExecutionsFailed')],
        ['Sum', ofWorkflow('ExecutionsTimedOut')],
      ],
    },
  ];
}

function queueGraphs({ queues: { orderQueue, orderDlq } }: MonitoredParts): Graph[] {
  return [
    {
      title: '3 Messages waiting and being worked on',
      lines: [
        ['Maximum', queueMetric(orderQueue, 'ApproximateNumberOfMessagesVisible')],
        ['Maximum', queueMetric(orderQueue, 'ApproximateNumberOfMessagesNotVisible')],
        ['Maximum', queueMetric(orderDlq, 'ApproximateNumberOfMessagesVisible')],
        ['Maximum', queueMetric(orderDlq, 'ApproximateNumberOfMessagesNotVisible')],
      ],
    },
    {
      title: 'Age of the oldest message of order-queue (s)',
      lines: [['Maximum', queueMetric(orderQueue, 'ApproximateAgeOfOldestMessage')]],
    },
  ];
}

function outcomeGraphs(context: Context): Graph[] {
  const fulfilled = ownMetric(context, METRIC_NAMES.ordersFulfilled);
  return [
    {
      title: '4 Outcomes',
      lines: [
        ['Sum', ownMetric(context, METRIC_NAMES.ordersAccepted)],
        ['Sum', fulfilled],
        ['Sum', ownMetric(context, METRIC_NAMES.ordersFailed)],
        ['Sum', ownMetric(context, METRIC_NAMES.ordersAtOdds)],
        ['Sum', ownMetric(context, METRIC_NAMES.ordersDeadLettered)],
        ['Sum', ownMetric(context, METRIC_NAMES.ordersRequeued)],
        ['Sum', ownMetric(context, METRIC_NAMES.deadLettersNotRecorded)],
      ],
    },
    {
      title: `Share fulfilled (configured: ${context.settings.fulfillmentSuccessRate})`,
      lines: [
        ['Sum', fulfilled],
        ['Sum', ownMetric(context, METRIC_NAMES.ordersRefused)],
      ],
      expression: { text: 'FILL(m0, 0) / (FILL(m0, 0) + FILL(m1, 0))', label: 'share fulfilled' },
    },
  ];
}

function functionGraphs({ functions }: MonitoredParts): Graph[] {
  const all = (title: string, statistic: string, metricName: string): Graph => ({
    title,
    lines: functions.map(({ lambda }) => [statistic, functionMetric(lambda, metricName)] as const),
  });
  return [
    all('Functions: errors', 'Sum', 'Errors'),
    all('Functions: duration, slowest hundredth (ms)', 'p99', 'Duration'),
    all('Functions: concurrent', 'Maximum', 'ConcurrentExecutions'),
  ];
}

function tableGraphs({ tables }: MonitoredParts): Graph[] {
  const both = (title: string, metricName: string): Graph => ({
    title,
    lines: [
      ['Sum', tableMetric(tables.orders, metricName)],
      ['Sum', tableMetric(tables.failedOrders, metricName)],
    ],
  });
  return [
    both('Tables: write units', 'ConsumedWriteCapacityUnits'),
    both('Tables: throttled writes', 'WriteThrottleEvents'),
  ];
}

/** In CloudWatch's form: `[namespace, name, dimension, value, ..., options]`. */
function linesOf({ lines, expression }: Graph): unknown[] {
  const metrics = lines.map(([stat, { namespace, metricName, dimensions }], index) => [
    namespace,
    metricName,
    ...Object.entries(dimensions).flat(),
    { stat, id: `m${index}`, visible: expression === undefined },
  ]);
  return expression === undefined
    ? metrics
    : [[{ expression: expression.text, label: expression.label, id: 'e0' }], ...metrics];
}
