import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '@dofs/lambda-kit/aws-client-settings';
import { requiredSetting } from '@dofs/lambda-kit/environment';
import { functionBasics } from '@dofs/lambda-kit/function-basics';
import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import { createHandler } from './handler.ts';

/** Milliseconds for one try of a call: three of them, twice in a row, fit into the function's 10 s. */
const CALL_TIMEOUT_MS = 1_500;

export const handler = createHandler({
  ...functionBasics('order-storage', process.env),
  tables: dynamoOrderTables(new DynamoDBClient(clientSettings(CALL_TIMEOUT_MS)), {
    orders: requiredSetting(process.env, 'ORDERS_TABLE_NAME'),
    failedOrders: requiredSetting(process.env, 'FAILED_ORDERS_TABLE_NAME'),
  }),
});
