import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Context } from '../../stacks/context.ts';
import { LOG_DELIVERY_ACTIONS, SAMPLING_ACTIONS, TRACE_ACTIONS } from '../iam/actions-without-resource.ts';
import type { Permission } from '../iam/policy.ts';
import { serviceRole } from '../iam/service-role.ts';
import type { WorkflowFunctions } from '../lambdas/lambdas.ts';
import type { Queues } from '../sqs/queues.ts';
import { logGroup } from '../log-group.ts';
import { orderProcessing } from './order-processing.ts';

export interface Workflow {
  readonly stateMachine: SfnStateMachine;
  readonly logGroup: CloudwatchLogGroup;
}

/** STANDARD executions keep their own history, so errors are enough; EXPRESS ones are known by their log alone. */
const LOG_LEVELS: Record<EnvironmentConfig['workflowType'], 'ALL' | 'ERROR'> = {
  STANDARD: 'ERROR',
  EXPRESS: 'ALL',
};

/** The state machine that carries an order from the API into the queue. */
export function createWorkflow(context: Context, functions: WorkflowFunctions, queues: Queues): Workflow {
  const { stack, names, settings } = context;
  const logs = logGroup(
    context,
    'order_processing_logs',
    `/aws/vendedlogs/stepfunctions/${names.of('order-processing')}`,
  );
  const { role, policy } = serviceRole(
    context,
    'order_processing',
    'states.amazonaws.com',
    permissions(context, functions, queues),
  );
  const definition = orderProcessing({
    validatorArn: functions.validator.arn,
    orderStorageArn: functions.orderStorage.arn,
    orderQueueUrl: queues.orderQueue.url,
    orderDlqUrl: queues.orderDlq.url,
    workflowType: settings.workflowType,
    lambdaTimeoutSeconds: settings.lambdaTimeoutSeconds,
    partition: context.account.partition,
  });
  const stateMachine = new SfnStateMachine(stack, 'order_processing', {
    name: names.of('order-processing'),
    type: settings.workflowType,
    roleArn: role.arn,
    definition: JSON.stringify(definition),
    loggingConfiguration: {
      level: LOG_LEVELS[settings.workflowType],
      // Execution data holds customer ids and what was ordered.
      includeExecutionData: false,
      logDestination: `${logs.arn}:*`,
    },
    tracingConfiguration: { enabled: true },
    ...(settings.kmsKeyArn === ''
      ? {}
      : { encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: settings.kmsKeyArn } }),
    // AWS checks the role's permissions when it makes the machine.
    dependsOn: [policy],
  });
  return { stateMachine, logGroup: logs };
}

function permissions(context: Context, functions: WorkflowFunctions, queues: Queues): readonly Permission[] {
  const { kmsKeyArn } = context.settings;
  return [
    {
      sid: 'InvokeFunctions',
      actions: ['lambda:InvokeFunction'],
      resources: [functions.validator.arn, functions.orderStorage.arn],
    },
    {
      sid: 'SendMessages',
      actions: ['sqs:SendMessage'],
      resources: [queues.orderQueue.arn, queues.orderDlq.arn],
    },
    {
      // AWS ties log delivery and traces to no resource: "*" is the only value that works.
      sid: 'DeliverLogs',
      actions: LOG_DELIVERY_ACTIONS,
      resources: ['*'],
    },
    {
      sid: 'Trace',
      actions: [...TRACE_ACTIONS, ...SAMPLING_ACTIONS],
      resources: ['*'],
    },
    ...(kmsKeyArn === ''
      ? []
      : [{ sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [kmsKeyArn] }]),
  ];
}
