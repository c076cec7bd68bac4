import { randomBytes, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { clientSettings } from '@dofs/lambda-kit/aws-client-settings';
import { requiredSetting } from '@dofs/lambda-kit/environment';
import { functionBasics } from '@dofs/lambda-kit/function-basics';
import { workflowTypeSetting } from '@dofs/lambda-kit/number-setting';
import { getOrder } from '@dofs/order-tables/dynamo-orders';
import type { AcceptPorts } from './accept-order.ts';
import { createHandler } from './handler.ts';
import { stepFunctionsWorkflow } from './step-functions-workflow.ts';

/** Milliseconds for one try of a call: three of them, twice in a row, fit into the function's 10 s. */
const CALL_TIMEOUT_MS = 1_500;

/** DynamoDB is asked by GET and by repeated keys only: a POST doesn't wait for its client. */
let dynamoDb: DynamoDBClient | undefined;
const orders = {
  getOrder(orderId: string) {
    dynamoDb ??= new DynamoDBClient(clientSettings(CALL_TIMEOUT_MS));
    return getOrder(dynamoDb, requiredSetting(process.env, 'ORDERS_TABLE_NAME'), orderId);
  },
};

/** A function without its state machine still answers, and says what is wrong. */
function pipeline(stateMachineArn: string | undefined): AcceptPorts | undefined {
  if (stateMachineArn === undefined || stateMachineArn === '') {
    return undefined;
  }
  return {
    stateMachineArn,
    workflowType: workflowTypeSetting(process.env),
    workflow: stepFunctionsWorkflow(new SFNClient(clientSettings(CALL_TIMEOUT_MS)), stateMachineArn),
    orders,
    randomBytes,
  };
}

export const handler = createHandler({
  ...functionBasics('api-handler', process.env),
  pipeline: pipeline(process.env['STATE_MACHINE_ARN']),
  randomUuid: randomUUID,
});
