import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { boundaryName, rolePath } from '../../names.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import { policyOf, type Permission } from '../iam/policy.ts';

/**
 * The most that a role of an environment can do, whatever its own policy says. The pipelines may make roles only
 * with it, so nobody gains rights by way of a pipeline.
 */
export function createBoundary(context: GlobalContext): IamPolicy {
  const { stack, project } = context;
  return new IamPolicy(stack, 'boundary', {
    name: boundaryName(project.projectName),
    path: rolePath(project.projectName),
    description: 'The most that a role of an environment can do',
    policy: policyOf(boundaryPermissions(context)),
  });
}

function boundaryPermissions({ project, account }: GlobalContext): readonly Permission[] {
  const { projectName, region } = project;
  const arn = (service: string, resource: string) =>
    `arn:${account.partition}:${service}:${region}:${account.id}:${resource}`;
  return [
    {
      sid: 'Tables',
      actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
        (action) => `dynamodb:${action}`,
      ),
      resources: [arn('dynamodb', `table/${projectName}-*`)],
    },
    {
      sid: 'Queues',
      actions: ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
        (action) => `sqs:${action}`,
      ),
      resources: [arn('sqs', `${projectName}-*`)],
    },
    {
      sid: 'Workflows',
      actions: ['states:StartExecution', 'states:ListExecutions', 'states:DescribeExecution'],
      resources: [
        arn('states', `stateMachine:${projectName}-*`),
        arn('states', `execution:${projectName}-*`),
      ],
    },
    {
      sid: 'Functions',
      actions: ['lambda:InvokeFunction'],
      resources: [arn('lambda', `function:${projectName}-*`)],
    },
    {
      sid: 'Logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arn('logs', `log-group:/aws/lambda/${projectName}-*`)],
    },
    {
      sid: 'Keys',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [arn('kms', 'key/*')],
      // The key's own policy decides; this only keeps it to the services that we use it through.
      condition: {
        StringLike: {
          'kms:ViaService': ['dynamodb', 'sqs', 'states', 'lambda'].map(
            (service) => `${service}.${region}.amazonaws.com`,
          ),
        },
      },
    },
    { sid: 'NoResource', actions: ACTIONS_WITHOUT_RESOURCE, resources: ['*'] },
  ];
}

/** AWS ties these to no resource. */
const ACTIONS_WITHOUT_RESOURCE = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
