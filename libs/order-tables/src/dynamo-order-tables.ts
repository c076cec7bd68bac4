import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { deleteFailedOrder, getFailedOrder, putFailedOrder } from './dynamo-failed-orders.ts';
import { listFailedOrders, listOrdersByStatus } from './dynamo-listings.ts';
import { changeOrder, createOrder, getOrder, getOrders, getOrderStates } from './dynamo-orders.ts';
import type { OrderTables, Transition } from './order-tables.ts';
import { failing, failingOrStoring, fulfilment, reopening, requeueing } from './transitions.ts';
import type { ConditionalChange } from './transitions.ts';

export interface TableNames {
  readonly orders: string;
  readonly failedOrders: string;
}

/** The two tables in DynamoDB. Every function throws the SDK's service errors. */
export function dynamoOrderTables(client: DynamoDBClient, names: TableNames): OrderTables {
  const change = (orderId: string, conditionalChange: ConditionalChange): Promise<Transition> =>
    changeOrder(client, names.orders, orderId, conditionalChange);
  return {
    createOrder: (order) => createOrder(client, names.orders, order),
    getOrder: (orderId) => getOrder(client, names.orders, orderId),
    getOrders: (orderIds) => getOrders(client, names.orders, orderIds),
    getOrderStates: (orderIds) => getOrderStates(client, names.orders, orderIds),
    settleFulfilled: (attempt, at) => change(attempt.orderId, fulfilment(attempt, at)),
    settleFailed: (attempt, failure) => change(attempt.orderId, failing(attempt, failure)),
    upsertFailed: (order, failure) => change(order.order_id, failingOrStoring(order, failure)),
    reopenOrder: (failed, redrive) => change(failed.order_id, reopening(failed, redrive)),
    requeueOrder: (attempt, redrive) => change(attempt.orderId, requeueing(attempt, redrive)),
    putFailedOrder: (row) => putFailedOrder(client, names.failedOrders, row),
    getFailedOrder: (orderId) => getFailedOrder(client, names.failedOrders, orderId),
    deleteFailedOrder: (attempt) => deleteFailedOrder(client, names.failedOrders, attempt),
    listOrdersByStatus: (status, range) => listOrdersByStatus(client, names.orders, status, range),
    listFailedOrders: (range) => listFailedOrders(client, names.failedOrders, range),
  };
}
