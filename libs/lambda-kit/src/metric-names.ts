/** Metrics that the functions emit (CloudWatch embedded metric format), and that alarms may refer to. */
export const METRIC_NAMES = {
  /**
   * Executions that api-handler started. Step Functions doesn't tell a key that is repeated while its STANDARD execution
   * runs, which takes a moment, from the first request: it counts again.
   */
  ordersAccepted: 'OrdersAccepted',
  ordersFulfilled: 'OrdersFulfilled',
  /** For whatever reason: a broken business rule, a technical failure, the warehouse's no. */
  ordersFailed: 'OrdersFailed',
  /** By the warehouse: of these and the fulfilled ones is the success rate. */
  ordersRefused: 'OrdersRefused',
  /** Fulfilled by the warehouse while they were failed for another reason: for a person to see. */
  ordersAtOdds: 'OrdersAtOdds',
  ordersDeadLettered: 'OrdersDeadLettered',
  ordersRequeued: 'OrdersRequeued',
  deadLettersNotRecorded: 'DeadLettersNotRecorded',
} as const;
export type MetricName = (typeof METRIC_NAMES)[keyof typeof METRIC_NAMES];

/** The one dimension of every metric; its value is the environment's name: `dev`. */
export const METRIC_DIMENSION = 'environment';
