/** Metrics that the functions emit (CloudWatch embedded metric format), and that alarms may refer to. */
export const METRIC_NAMES = {
  ordersAccepted: 'OrdersAccepted',
  ordersFulfilled: 'OrdersFulfilled',
  ordersFailed: 'OrdersFailed',
  ordersDeadLettered: 'OrdersDeadLettered',
  ordersRequeued: 'OrdersRequeued',
  deadLettersNotRecorded: 'DeadLettersNotRecorded',
} as const;
export type MetricName = (typeof METRIC_NAMES)[keyof typeof METRIC_NAMES];

/** The one dimension of every metric; its value is the environment's name: `dev`. */
export const METRIC_DIMENSION = 'environment';
