import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import type { Target } from './target.ts';

/** What an operator does with the tables. Every function throws OperationError. */
export interface OperatorTables extends Pick<
  OrderTables,
  | 'getOrder'
  | 'getFailedOrder'
  | 'putFailedOrder'
  | 'reopenOrder'
  | 'deleteFailedOrder'
  | 'listOrdersByStatus'
  | 'listFailedOrders'
> {
  close(): void;
}

/** The tables of a target. */
export function openTables(target: Target): OperatorTables {
  const client = new DynamoDBClient(clientConfig(target));
  const tables = dynamoOrderTables(client, {
    orders: target.names.ordersTable,
    failedOrders: target.names.failedOrdersTable,
  });
  const explained = <R>(call: () => Promise<R>) => withAwsErrors(target, call);
  return {
    getOrder: (orderId) => explained(() => tables.getOrder(orderId)),
    getFailedOrder: (orderId) => explained(() => tables.getFailedOrder(orderId)),
    putFailedOrder: (row) => explained(() => tables.putFailedOrder(row)),
    reopenOrder: (failed, note) => explained(() => tables.reopenOrder(failed, note)),
    deleteFailedOrder: (attempt) => explained(() => tables.deleteFailedOrder(attempt)),
    listOrdersByStatus: (status, range) => explained(() => tables.listOrdersByStatus(status, range)),
    listFailedOrders: (range) => explained(() => tables.listFailedOrders(range)),
    close: () => client.destroy(),
  };
}
