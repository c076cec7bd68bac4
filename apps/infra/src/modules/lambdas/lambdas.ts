import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import type { Context } from '../../stacks/context.ts';
import type { Tables } from '../dynamodb/tables.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Workflow } from '../step-functions/state-machine.ts';
import { lambdaFunction } from './lambda-function.ts';
import { permissionsOf, type PermissionTargets } from './permissions.ts';
import { queueMapping } from './queue-mapping.ts';
import { runOnSchedule } from './schedule.ts';

/** The functions that the workflow calls. */
export interface WorkflowFunctions {
  readonly validator: LambdaFunction;
  readonly orderStorage: LambdaFunction;
}

/** The functions before and after the workflow. */
export interface OuterFunctions {
  readonly apiHandler: LambdaFunction;
  readonly fulfillOrder: LambdaFunction;
  readonly dlqHandler: LambdaFunction;
  readonly stuckOrderSweep: LambdaFunction;
}

export function createWorkflowFunctions(context: Context, tables: Tables, queues: Queues): WorkflowFunctions {
  const targets = { tables, queues };
  const timeoutSeconds = context.settings.lambdaTimeoutSeconds;
  return {
    validator: lambdaFunction(context, {
      name: 'validator',
      timeoutSeconds,
      environment: commonVariables(context),
      permissions: permissionsOf('validator', context, targets),
    }),
    orderStorage: lambdaFunction(context, {
      name: 'order-storage',
      timeoutSeconds,
      environment: { ...commonVariables(context), ...tableVariables(tables) },
      permissions: permissionsOf('order-storage', context, targets),
    }),
  };
}

export function createOuterFunctions(
  context: Context,
  targets: PermissionTargets & { readonly workflow: Workflow },
): OuterFunctions {
  return {
    apiHandler: apiHandler(context, targets),
    fulfillOrder: fulfillOrder(context, targets),
    dlqHandler: dlqHandler(context, targets),
    stuckOrderSweep: stuckOrderSweep(context, targets),
  };
}

type AllTargets = Required<PermissionTargets>;

function apiHandler(context: Context, targets: AllTargets): LambdaFunction {
  return lambdaFunction(context, {
    name: 'api-handler',
    timeoutSeconds: context.settings.lambdaTimeoutSeconds,
    environment: {
      ...commonVariables(context),
      ...workflowVariables(context, targets.workflow),
      ORDERS_TABLE_NAME: targets.tables.orders.name,
    },
    permissions: permissionsOf('api-handler', context, targets),
  });
}

function fulfillOrder(context: Context, targets: AllTargets): LambdaFunction {
  const { settings } = context;
  const consumer = lambdaFunction(context, {
    name: 'fulfill-order',
    timeoutSeconds: settings.fulfillmentTimeoutSeconds,
    environment: {
      ...commonVariables(context),
      ...tableVariables(targets.tables),
      FULFILLMENT_SUCCESS_RATE: String(settings.fulfillmentSuccessRate),
      FULFILLMENT_ERROR_RATE: String(settings.fulfillmentErrorRate),
    },
    permissions: permissionsOf('fulfill-order', context, targets),
  });
  queueMapping(context, 'fulfill_order_mapping', targets.queues.orderQueue, consumer);
  return consumer;
}

function dlqHandler(context: Context, targets: AllTargets): LambdaFunction {
  const consumer = lambdaFunction(context, {
    name: 'dlq-handler',
    timeoutSeconds: context.settings.fulfillmentTimeoutSeconds,
    environment: { ...commonVariables(context), ...tableVariables(targets.tables) },
    permissions: permissionsOf('dlq-handler', context, targets),
  });
  queueMapping(context, 'dlq_handler_mapping', targets.queues.orderDlq, consumer);
  return consumer;
}

function stuckOrderSweep(context: Context, targets: AllTargets): LambdaFunction {
  const { settings } = context;
  const sweep = lambdaFunction(context, {
    name: 'stuck-order-sweep',
    timeoutSeconds: settings.sweepTimeoutSeconds,
    environment: {
      ...commonVariables(context),
      ...tableVariables(targets.tables),
      ...workflowVariables(context, targets.workflow),
      ORDER_QUEUE_URL: targets.queues.orderQueue.url,
      ORDER_DLQ_URL: targets.queues.orderDlq.url,
      STUCK_AFTER_SECONDS: String(settings.stuckAfterSeconds),
      MAX_REQUEUES: String(settings.maxRequeues),
    },
    permissions: permissionsOf('stuck-order-sweep', context, targets),
  });
  runOnSchedule(context, 'stuck_order_sweep', sweep, settings.sweepIntervalMinutes);
  return sweep;
}

function commonVariables({ settings, names, project }: Context) {
  return {
    LOG_LEVEL: settings.logLevel,
    METRICS_NAMESPACE: project.projectName,
    ENVIRONMENT_NAME: names.stage,
  };
}

function tableVariables(tables: Tables) {
  return { ORDERS_TABLE_NAME: tables.orders.name, FAILED_ORDERS_TABLE_NAME: tables.failedOrders.name };
}

function workflowVariables({ settings }: Context, { stateMachine }: Workflow) {
  return { STATE_MACHINE_ARN: stateMachine.arn, WORKFLOW_TYPE: settings.workflowType };
}
