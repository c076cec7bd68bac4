import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '@dofs/lambda-kit/aws-client-settings';
import { requiredSetting } from '@dofs/lambda-kit/environment';
import { functionBasics } from '@dofs/lambda-kit/function-basics';
import { numberSetting, workflowTypeSetting } from '@dofs/lambda-kit/number-setting';
import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import { createHandler } from './handler.ts';
import { sqsOrderQueues } from './sqs-order-queues.ts';
import { stepFunctionsExecutions } from './step-functions-executions.ts';

/** Milliseconds for one try of a call. */
const CALL_TIMEOUT_MS = 1_500;
const settings = clientSettings(CALL_TIMEOUT_MS);

export const handler = createHandler({
  ...functionBasics('stuck-order-sweep', process.env),
  tables: dynamoOrderTables(new DynamoDBClient(settings), {
    orders: requiredSetting(process.env, 'ORDERS_TABLE_NAME'),
    failedOrders: requiredSetting(process.env, 'FAILED_ORDERS_TABLE_NAME'),
  }),
  queues: sqsOrderQueues(new SQSClient(settings), {
    orderQueue: requiredSetting(process.env, 'ORDER_QUEUE_URL'),
    orderDlq: requiredSetting(process.env, 'ORDER_DLQ_URL'),
  }),
  executions:
    workflowTypeSetting(process.env) === 'STANDARD'
      ? stepFunctionsExecutions(new SFNClient(settings), requiredSetting(process.env, 'STATE_MACHINE_ARN'))
      : undefined,
  settings: {
    stuckAfterSeconds: numberSetting(process.env, 'STUCK_AFTER_SECONDS', { min: 1, max: 1_000_000 }),
    maxRequeues: numberSetting(process.env, 'MAX_REQUEUES', { min: 0, max: 100 }),
  },
});
