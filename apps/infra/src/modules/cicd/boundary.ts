import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import type { PipelineName } from '../../config/environment-names.ts';
import { boundaryName, namesOf, rolePath } from '../../names.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import {
  LOG_DELIVERY_ACTIONS,
  NETWORK_INTERFACE_ACTIONS,
  SAMPLING_ACTIONS,
  TRACE_ACTIONS,
} from '../iam/actions-without-resource.ts';
import { policyOf, type Permission } from '../iam/policy.ts';
import { NONPROD, PROD, type PipelineDefinition } from './pipeline-stages.ts';

/**
 * The most that a role of an environment can do, whatever its own policy says: one boundary for the environments of
 * each pipeline. A pipeline may make roles only with its own, so nobody gains rights by way of a pipeline, and
 * nonprod's can make no role that touches prod.
 */
export function createBoundaries(context: GlobalContext): Readonly<Record<PipelineName, IamPolicy>> {
  return { nonprod: createBoundary(context, NONPROD), prod: createBoundary(context, PROD) };
}

function createBoundary(context: GlobalContext, definition: PipelineDefinition): IamPolicy {
  const { stack, project } = context;
  return new IamPolicy(stack, `${definition.id}_boundary`, {
    name: boundaryName(project.projectName, definition.id),
    path: rolePath(project.projectName),
    description: `The most that a role of ${definition.environments.join(' or ')} can do`,
    policy: policyOf([
      ...resourcePermissions(context, definition),
      ...keyPermissions(context, definition),
      { sid: 'NoResource', actions: ACTIONS_WITHOUT_RESOURCE, resources: ['*'] },
    ]),
  });
}

type ArnsOf = (service: string, ...kinds: readonly string[]) => readonly string[];

/** ARNs of all that begins with the name of one of the environments: `arn:aws:sqs:us-east-1:123456789012:dofs-dev-*` */
function arnsOf({ project, account }: GlobalContext, { environments }: PipelineDefinition): ArnsOf {
  return (service, ...kinds) =>
    environments.flatMap((environment) => {
      const { prefix } = namesOf(project.projectName, environment);
      return kinds.map(
        (kind) => `arn:${account.partition}:${service}:${project.region}:${account.id}:${kind}${prefix}-*`,
      );
    });
}

function resourcePermissions(context: GlobalContext, definition: PipelineDefinition): readonly Permission[] {
  const arns = arnsOf(context, definition);
  return [
    {
      sid: 'Tables',
      actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
        (action) => `dynamodb:${action}`,
      ),
      resources: arns('dynamodb', 'table/'),
    },
    {
      sid: 'Queues',
      actions: ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
        (action) => `sqs:${action}`,
      ),
      resources: arns('sqs', ''),
    },
    {
      sid: 'Workflows',
      actions: ['states:StartExecution', 'states:ListExecutions', 'states:DescribeExecution'],
      resources: arns('states', 'stateMachine:', 'execution:'),
    },
    { sid: 'Functions', actions: ['lambda:InvokeFunction'], resources: arns('lambda', 'function:') },
    {
      sid: 'Logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: arns('logs', 'log-group:/aws/lambda/'),
    },
  ];
}

/** A customer-managed key's own policy decides who may use it; these keep it to what we use it for. */
function keyPermissions(context: GlobalContext, definition: PipelineDefinition): readonly Permission[] {
  const { region } = context.project;
  const { id: accountId, partition } = context.account;
  const resources = [`arn:${partition}:kms:${region}:${accountId}:key/*`];
  const services = ['dynamodb', 'sqs', 'states', 'lambda'].map(
    (service) => `${service}.${region}.amazonaws.com`,
  );
  const workflows = arnsOf(context, definition)('states', 'stateMachine:');
  return [
    {
      sid: 'KeysOfServices',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources,
      condition: { StringLike: { 'kms:ViaService': services } },
    },
    {
      // Step Functions uses the key as the workflow's role itself, not by way of a service.
      sid: 'KeysOfWorkflows',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources,
      condition: { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': workflows } },
    },
    {
      // So it does for its log. The asterisk belongs to the value (AWS: "Data at rest encryption in Step Functions").
      sid: 'KeysOfLogDelivery',
      actions: ['kms:GenerateDataKey'],
      resources,
      condition: {
        StringEquals: {
          'kms:EncryptionContext:SourceArn': `arn:${partition}:logs:${region}:${accountId}:*`,
        },
      },
    },
  ];
}

const ACTIONS_WITHOUT_RESOURCE = [
  ...LOG_DELIVERY_ACTIONS,
  ...TRACE_ACTIONS,
  ...SAMPLING_ACTIONS,
  ...NETWORK_INTERFACE_ACTIONS,
];
