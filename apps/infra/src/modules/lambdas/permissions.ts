import type { LambdaName } from '@dofs/lambda-kit/environment';
import { FAILED_ORDERS_TABLE, ORDERS_TABLE } from '@dofs/order-tables/table-schema';
import type { Context } from '../../stacks/context.ts';
import { indexArn, type Tables } from '../dynamodb/tables.ts';
import type { Permission } from '../iam/policy.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Workflow } from '../step-functions/state-machine.ts';

/** What the functions' permissions point at. */
export interface PermissionTargets {
  readonly tables: Tables;
  readonly queues: Queues;
  /** Absent for the functions that the workflow itself calls: they come before it. */
  readonly workflow?: Workflow;
}

/** What each function's own code calls, and nothing else. */
export function permissionsOf(
  name: LambdaName,
  context: Context,
  targets: PermissionTargets,
): readonly Permission[] {
  const { orders, failedOrders } = targets.tables;
  // After a refused condition the item that refused is read; fulfill-order also reads before it works on a late message.
  const settle = allow('SettleOrders', ['dynamodb:UpdateItem', 'dynamodb:GetItem'], [orders.arn]);
  const recordFailures = allow('RecordFailures', ['dynamodb:PutItem'], [failedOrders.arn]);
  // A redriven order that is fulfilled takes the row of its earlier failure with it.
  const forgetFailures = allow('ForgetFailures', ['dynamodb:DeleteItem'], [failedOrders.arn]);
  switch (name) {
    case 'validator':
      return keyUse(context);
    case 'api-handler':
      return [
        ...startWorkflow(targets),
        ...describeExecutions(context),
        allow('ReadOrders', ['dynamodb:GetItem'], [orders.arn]),
        ...keyUse(context),
      ];
    case 'order-storage':
      return [
        allow('StoreOrders', ['dynamodb:PutItem'], [orders.arn]),
        settle,
        recordFailures,
        ...keyUse(context),
      ];
    case 'fulfill-order':
      return [
        settle,
        recordFailures,
        forgetFailures,
        ...readQueue(targets.queues.orderQueue.arn),
        ...keyUse(context),
      ];
    case 'dlq-handler':
      return [
        settle,
        recordFailures,
        forgetFailures,
        ...readQueue(targets.queues.orderDlq.arn),
        ...keyUse(context),
      ];
    case 'stuck-order-sweep':
      return [...sweep(targets), settle, ...listExecutions(context, targets), ...keyUse(context)];
  }
}

function allow(sid: string, actions: readonly string[], resources: readonly string[]): Permission {
  return { sid, actions, resources };
}

function sweep({
  tables: { orders, failedOrders },
  queues: { orderQueue, orderDlq },
}: PermissionTargets): Permission[] {
  return [
    allow('FindStuckOrders', ['dynamodb:Query'], [indexArn(orders, ORDERS_TABLE.statusIndex.name)]),
    allow('ReadOrders', ['dynamodb:BatchGetItem'], [orders.arn]),
    allow(
      'ListFailures',
      ['dynamodb:Query'],
      [indexArn(failedOrders, FAILED_ORDERS_TABLE.failedAtIndex.name)],
    ),
    allow(
      'MendFailures',
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      [failedOrders.arn],
    ),
    allow('RequeueOrders', ['sqs:SendMessage', 'sqs:GetQueueAttributes'], [orderQueue.arn]),
    allow('GiveUpOrders', ['sqs:SendMessage'], [orderDlq.arn]),
  ];
}

/** What Lambda's poller calls with the function's role. */
function readQueue(queueArn: string): Permission[] {
  return [
    allow('ReadQueue', ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queueArn]),
  ];
}

function startWorkflow({ workflow }: PermissionTargets): Permission[] {
  return workflow === undefined
    ? []
    : [allow('StartWorkflow', ['states:StartExecution'], [workflow.stateMachine.arn])];
}

function listExecutions(context: Context, { workflow }: PermissionTargets): Permission[] {
  return workflow === undefined || context.settings.workflowType === 'EXPRESS'
    ? []
    : [
        allow('ListExecutions', ['states:ListExecutions'], [workflow.stateMachine.arn]),
        ...describeExecutions(context),
      ];
}

/** EXPRESS executions can't be looked up. An execution's ARN ends in its order's id, unknown before: hence the `*`. */
function describeExecutions({ settings, account, project, names }: Context): Permission[] {
  const executions =
    `arn:${account.partition}:states:${project.region}:${account.id}:execution:` +
    `${names.of('order-processing')}:*`;
  return settings.workflowType === 'EXPRESS'
    ? []
    : [allow('ReadExecutions', ['states:DescribeExecution'], [executions])];
}

/** DynamoDB, SQS and Lambda itself (for its variables) use a customer-managed key in their caller's name. */
function keyUse({ settings }: Context): Permission[] {
  return settings.kmsKeyArn === ''
    ? []
    : [allow('UseKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [settings.kmsKeyArn])];
}
