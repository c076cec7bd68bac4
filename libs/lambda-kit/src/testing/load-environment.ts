import type { EnvironmentOf, LambdaName } from '../environment.ts';

/** Every variable that any function needs, so that its bundle loads; loading one calls nobody. */
export const LOAD_ENVIRONMENT: EnvironmentOf<LambdaName> = {
  LOG_LEVEL: 'INFO',
  METRICS_NAMESPACE: 'load',
  ENVIRONMENT_NAME: 'load',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:orders',
  WORKFLOW_TYPE: 'STANDARD',
  ORDERS_TABLE_NAME: 'orders',
  FAILED_ORDERS_TABLE_NAME: 'failed-orders',
  FULFILLMENT_SUCCESS_RATE: '0.7',
  FULFILLMENT_ERROR_RATE: '0',
  ORDER_QUEUE_URL: 'http://127.0.0.1/123456789012/order-queue',
  ORDER_DLQ_URL: 'http://127.0.0.1/123456789012/order-dlq',
  STUCK_AFTER_SECONDS: '900',
  MAX_REQUEUES: '3',
};
