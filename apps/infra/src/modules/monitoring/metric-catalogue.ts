import { METRIC_DIMENSION, METRIC_NAMES } from '@dofs/lambda-kit/metric-names';

/** A metric as AWS publishes it: its name and the dimensions under which there are data. */
export interface CatalogueEntry {
  readonly metrics: readonly string[];
  readonly dimensions: readonly string[];
}

/**
 * The metrics that our alarms and the dashboard may refer to: an alarm on any other would never fire. From AWS's
 * pages "Lambda metrics", "Available CloudWatch metrics for Amazon SQS", "Monitoring Step Functions metrics",
 * "Amazon API Gateway dimensions and metrics" and "DynamoDB metrics and dimensions".
 */
const AWS_METRICS: Readonly<Record<string, CatalogueEntry>> = {
  'AWS/Lambda': {
    metrics: ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'],
    dimensions: ['FunctionName'],
  },
  'AWS/SQS': {
    metrics: [
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'NumberOfMessagesSent',
      'NumberOfMessagesReceived',
      'NumberOfMessagesDeleted',
    ],
    dimensions: ['QueueName'],
  },
  'AWS/States': {
    metrics: [
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionsFailed',
      'ExecutionsTimedOut',
      'ExecutionsAborted',
      'ExecutionThrottled',
      'ExecutionTime',
    ],
    dimensions: ['StateMachineArn'],
  },
  'AWS/ApiGateway': {
    metrics: ['Count', '4XXError', '5XXError', 'Latency', 'IntegrationLatency'],
    dimensions: ['ApiName', 'Stage'],
  },
  'AWS/DynamoDB': {
    metrics: [
      'ConsumedReadCapacityUnits',
      'ConsumedWriteCapacityUnits',
      'ReadThrottleEvents',
      'WriteThrottleEvents',
    ],
    dimensions: ['TableName'],
  },
};

/** AWS's metrics and those that the functions write into their logs, by namespace. */
export function metricCatalogue(ownNamespace: string): Readonly<Record<string, CatalogueEntry>> {
  return {
    ...AWS_METRICS,
    [ownNamespace]: { metrics: Object.values(METRIC_NAMES), dimensions: [METRIC_DIMENSION] },
  };
}
