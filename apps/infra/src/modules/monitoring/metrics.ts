import type { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { METRIC_DIMENSION, type MetricName } from '@dofs/lambda-kit/metric-names';
import type { Context } from '../../stacks/context.ts';

/** One series of numbers in CloudWatch. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export const functionMetric = (lambda: LambdaFunction, metricName: string): Metric => ({
  namespace: 'AWS/Lambda',
  metricName,
  dimensions: { FunctionName: lambda.functionName },
});

export const queueMetric = (queue: SqsQueue, metricName: string): Metric => ({
  namespace: 'AWS/SQS',
  metricName,
  dimensions: { QueueName: queue.name },
});

export const workflowMetric = (stateMachineArn: string, metricName: string): Metric => ({
  namespace: 'AWS/States',
  metricName,
  dimensions: { StateMachineArn: stateMachineArn },
});

export const apiMetric = (apiName: string, stage: ApiGatewayStage, metricName: string): Metric => ({
  namespace: 'AWS/ApiGateway',
  metricName,
  dimensions: { ApiName: apiName, Stage: stage.stageName },
});

export const tableMetric = (table: DynamodbTable, metricName: string): Metric => ({
  namespace: 'AWS/DynamoDB',
  metricName,
  dimensions: { TableName: table.name },
});

/** A metric that the functions write into their logs. */
export const ownMetric = ({ project, names }: Context, metricName: MetricName): Metric => ({
  namespace: project.projectName,
  metricName,
  dimensions: { [METRIC_DIMENSION]: names.stage },
});
