import type { EnvironmentName } from '../../config/environment-names.ts';
import { boundaryName, namesOf, rolePath } from '../../names.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import type { Permission } from '../iam/policy.ts';
import type { StateStore } from '../state-backend/state-backend.ts';

const named = (service: string, actions: readonly string[]) =>
  actions.map((action) => `${service}:${action}`);
const TAGGING = ['TagResource', 'UntagResource'];

interface ResourceGrant {
  readonly sid: string;
  readonly service: string;
  readonly actions: readonly string[];
  /** The end of an ARN, after the account; `prefix` is the environment's. */
  readonly resources: (prefix: string) => readonly string[];
}

/** What Terraform calls for each kind of resource of an environment, on the environment's own names alone. */
const GRANTS: readonly ResourceGrant[] = [
  {
    sid: 'Functions',
    service: 'lambda',
    actions: [
      ...['CreateFunction', 'DeleteFunction', 'GetFunction', 'GetFunctionConfiguration'],
      ...['GetFunctionCodeSigningConfig', 'ListVersionsByFunction', 'UpdateFunctionCode'],
      ...['UpdateFunctionConfiguration', 'AddPermission', 'RemovePermission', 'GetPolicy', 'ListTags'],
      ...TAGGING,
    ],
    resources: (prefix) => [`function:${prefix}-*`],
  },
  {
    sid: 'Tables',
    service: 'dynamodb',
    actions: [
      ...['CreateTable', 'DeleteTable', 'DescribeTable', 'UpdateTable', 'DescribeContinuousBackups'],
      ...['UpdateContinuousBackups', 'DescribeTimeToLive', 'ListTagsOfResource', ...TAGGING],
    ],
    resources: (prefix) => [`table/${prefix}-*`],
  },
  {
    sid: 'Queues',
    service: 'sqs',
    actions: [
      ...['CreateQueue', 'DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl', 'SetQueueAttributes'],
      ...['ListQueueTags', 'TagQueue', 'UntagQueue'],
    ],
    resources: (prefix) => [`${prefix}-*`],
  },
  {
    sid: 'Workflows',
    service: 'states',
    actions: [
      ...['CreateStateMachine', 'DeleteStateMachine', 'DescribeStateMachine', 'UpdateStateMachine'],
      ...['ListStateMachineVersions', 'ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) => [`stateMachine:${prefix}-*`],
  },
  {
    sid: 'LogGroups',
    service: 'logs',
    actions: [
      ...['CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
      ...['ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) =>
      ['lambda', 'apigateway', 'vendedlogs/stepfunctions'].map(
        (kind) => `log-group:/aws/${kind}/${prefix}-*`,
      ),
  },
  {
    sid: 'Schedules',
    service: 'events',
    actions: [
      ...['PutRule', 'DeleteRule', 'DescribeRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule'],
      ...['ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) => [`rule/${prefix}-*`],
  },
  {
    sid: 'Alerts',
    service: 'sns',
    actions: [
      ...['CreateTopic', 'DeleteTopic', 'GetTopicAttributes', 'SetTopicAttributes', 'Subscribe'],
      ...['Unsubscribe', 'GetSubscriptionAttributes', 'ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) => [`${prefix}-*`],
  },
  {
    sid: 'Alarms',
    service: 'cloudwatch',
    actions: ['PutMetricAlarm', 'DeleteAlarms', 'ListTagsForResource', ...TAGGING],
    resources: (prefix) => [`alarm:${prefix}-*`],
  },
];

/** What a deployment of these environments may do. */
export function deployPermissions(
  context: GlobalContext,
  environments: readonly EnvironmentName[],
  state: StateStore,
): readonly Permission[] {
  const { project, account } = context;
  const prefixes = environments.map((environment) => namesOf(project.projectName, environment).prefix);
  const arn = (service: string, region: string, accountId: string, resource: string) =>
    `arn:${account.partition}:${service}:${region}:${accountId}:${resource}`;
  return [
    ...GRANTS.map(({ sid, service, actions, resources }) => ({
      sid,
      actions: named(service, actions),
      resources: prefixes.flatMap((prefix) =>
        resources(prefix).map((resource) => arn(service, project.region, account.id, resource)),
      ),
    })),
    {
      sid: 'Dashboards',
      actions: named('cloudwatch', ['PutDashboard', 'GetDashboard', 'DeleteDashboards']),
      // Dashboards belong to no region.
      resources: prefixes.map((prefix) => arn('cloudwatch', '', account.id, `dashboard/${prefix}-*`)),
    },
    {
      sid: 'Apis',
      actions: named('apigateway', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      // AWS makes up the ids of APIs, keys and plans, and their paths hold no account.
      resources: [
        '/restapis',
        '/restapis/*',
        '/apikeys',
        '/apikeys/*',
        '/usageplans',
        '/usageplans/*',
        '/tags/*',
      ].map((path) => arn('apigateway', project.region, '', path)),
    },
    {
      sid: 'FindTableKey',
      actions: ['kms:DescribeKey'],
      // DynamoDB's own key, whose id is the account's: the alias under which it is asked for tells.
      resources: [arn('kms', project.region, account.id, 'key/*')],
      condition: { StringEquals: { 'kms:RequestAlias': 'alias/aws/dynamodb' } },
    },
    ...mappingPermissions(context, prefixes),
    ...rolePermissions(context, prefixes),
    ...statePermissions(prefixes, state),
    { sid: 'NoResource', actions: ACTIONS_WITHOUT_RESOURCE, resources: ['*'] },
  ];
}

/** Event source mappings are known by ids that AWS makes up: the functions that they feed tell whose they are. */
function mappingPermissions({ project, account }: GlobalContext, prefixes: readonly string[]): Permission[] {
  const lambda = `arn:${account.partition}:lambda:${project.region}:${account.id}`;
  return [
    {
      sid: 'ChangeMappings',
      actions: named('lambda', [
        'CreateEventSourceMapping',
        'UpdateEventSourceMapping',
        'DeleteEventSourceMapping',
      ]),
      resources: ['*'],
      condition: {
        ArnLike: { 'lambda:FunctionArn': prefixes.map((prefix) => `${lambda}:function:${prefix}-*`) },
      },
    },
    {
      sid: 'ReadMappings',
      actions: named('lambda', ['GetEventSourceMapping', 'ListTags', ...TAGGING]),
      resources: [`${lambda}:event-source-mapping:*`],
    },
  ];
}

/** Roles under the project's path, of the environment's names, and only inside the boundary. */
function rolePermissions({ project, account }: GlobalContext, prefixes: readonly string[]): Permission[] {
  const iam = `arn:${account.partition}:iam::${account.id}`;
  const path = rolePath(project.projectName);
  const resources = prefixes.map((prefix) => `${iam}:role${path}${prefix}-*`);
  const boundary = `${iam}:policy${path}${boundaryName(project.projectName)}`;
  return [
    {
      sid: 'ReadAndRemoveRoles',
      actions: named('iam', [
        ...['GetRole', 'GetRolePolicy', 'ListRolePolicies', 'ListAttachedRolePolicies'],
        ...['ListInstanceProfilesForRole', 'ListRoleTags', 'DeleteRole', 'DeleteRolePolicy'],
        ...['TagRole', 'UntagRole', 'UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription'],
      ]),
      resources,
    },
    {
      sid: 'MakeBoundedRoles',
      actions: named('iam', ['CreateRole', 'PutRolePolicy', 'PutRolePermissionsBoundary']),
      resources,
      condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
    },
    {
      sid: 'PassRoles',
      actions: ['iam:PassRole'],
      resources,
      condition: {
        StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'states.amazonaws.com'] },
      },
    },
  ];
}

/** For what is encrypted with customer-managed keys: services ask for them in the deployment's name. */
export function keyPermissions(keyArns: readonly string[]): readonly Permission[] {
  return keyArns.length === 0
    ? []
    : [
        {
          sid: 'Keys',
          actions: named('kms', ['DescribeKey', 'CreateGrant', 'Decrypt', 'GenerateDataKey']),
          resources: keyArns,
        },
      ];
}

function statePermissions(prefixes: readonly string[], { bucket, lockTable }: StateStore): Permission[] {
  return [
    {
      sid: 'State',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: prefixes.map((prefix) => `${bucket.arn}/${prefix}/terraform.tfstate`),
    },
    { sid: 'FindState', actions: ['s3:ListBucket'], resources: [bucket.arn] },
    {
      sid: 'LockState',
      actions: named('dynamodb', ['GetItem', 'PutItem', 'DeleteItem', 'DescribeTable']),
      resources: [lockTable.arn],
    },
  ];
}

/** AWS ties these to no resource. The log deliveries are the API stage's and the state machine's. */
const ACTIONS_WITHOUT_RESOURCE = [
  'cloudwatch:DescribeAlarms',
  'logs:DescribeLogGroups',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'lambda:ListEventSourceMappings',
  'states:ValidateStateMachineDefinition',
  'ec2:DescribeSubnets',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
  'ec2:DescribeNetworkInterfaces',
];
