import { boundaryName, namesOf, rolePath } from '../../names.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import { LOG_DELIVERY_ACTIONS } from '../iam/actions-without-resource.ts';
import type { Permission } from '../iam/policy.ts';
import type { StateStore } from '../state-backend/state-backend.ts';
import { apiPermissions } from './api-permissions.ts';
import type { PipelineDefinition } from './pipeline-stages.ts';
import { GRANTS } from './resource-grants.ts';

const named = (service: string, actions: readonly string[]) =>
  actions.map((action) => `${service}:${action}`);
const TAGGING = ['TagResource', 'UntagResource'];

/** What a deployment of a pipeline's environments may do, beside what `resourcePermissions` says. */
export function deployPermissions(
  context: GlobalContext,
  definition: PipelineDefinition,
  state: StateStore,
): readonly Permission[] {
  const { project, account } = context;
  const prefixes = prefixesOf(context, definition);
  return [
    ...apiPermissions(context, definition),
    {
      sid: 'FindTableKey',
      actions: ['kms:DescribeKey'],
      // DynamoDB's own key, whose id is the account's: the alias under which it is asked for tells.
      resources: [`arn:${account.partition}:kms:${project.region}:${account.id}:key/*`],
      condition: { StringEquals: { 'kms:RequestAlias': 'alias/aws/dynamodb' } },
    },
    ...mappingPermissions(context, prefixes),
    ...rolePermissions(context, definition, prefixes),
    {
      sid: 'State',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: prefixes.map((prefix) => `${state.bucket.arn}/${prefix}/terraform.tfstate`),
    },
    ...lockPermissions(state),
    {
      sid: 'NoResource',
      // The API stage and the state machine deliver logs; one of those actions is also a read.
      actions: [...new Set([...READS_WITHOUT_RESOURCE, ...LOG_DELIVERY_ACTIONS])],
      resources: ['*'],
    },
  ];
}

/** Names of actions that change nothing: `lambda:GetFunction`, `apigateway:GET`. */
const READ = /:(Get|List|Describe|GET)/;

/** What a plan of the same environments may do: read them and their state, and hold the lock while it does. */
export function planPermissions(
  context: GlobalContext,
  definition: PipelineDefinition,
  state: StateStore,
): readonly Permission[] {
  const reads = [
    ...resourcePermissions(context, definition),
    ...deployPermissions(context, definition, state),
  ]
    .filter(({ sid }) => sid !== 'NoResource' && sid !== 'LockState')
    .map((permission) => ({
      ...permission,
      actions: permission.actions.filter((action) => READ.test(action)),
    }))
    .filter(({ actions }) => actions.length > 0);
  return [
    ...reads,
    ...lockPermissions(state).filter(({ sid }) => sid === 'LockState'),
    { sid: 'NoResource', actions: READS_WITHOUT_RESOURCE, resources: ['*'] },
  ];
}

function prefixesOf({ project }: GlobalContext, { environments }: PipelineDefinition): readonly string[] {
  return environments.map((environment) => namesOf(project.projectName, environment).prefix);
}

/** What a deployment may do with resources that have the environments' names. */
export function resourcePermissions(
  context: GlobalContext,
  definition: PipelineDefinition,
): readonly Permission[] {
  const { project, account } = context;
  const prefixes = prefixesOf(context, definition);
  const arn = (service: string, region: string, resource: string) =>
    `arn:${account.partition}:${service}:${region}:${account.id}:${resource}`;
  return [
    ...GRANTS.map(({ sid, service, actions, resources }) => ({
      sid,
      actions: named(service, actions),
      resources: prefixes.flatMap((prefix) =>
        resources(prefix).map((resource) => arn(service, project.region, resource)),
      ),
    })),
    {
      sid: 'Dashboards',
      actions: named('cloudwatch', ['PutDashboard', 'GetDashboard', 'DeleteDashboards']),
      // Dashboards belong to no region.
      resources: prefixes.map((prefix) => arn('cloudwatch', '', `dashboard/${prefix}-*`)),
    },
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
function rolePermissions(
  { project, account }: GlobalContext,
  { id }: PipelineDefinition,
  prefixes: readonly string[],
): Permission[] {
  const iam = `arn:${account.partition}:iam::${account.id}`;
  const path = rolePath(project.projectName);
  const resources = prefixes.map((prefix) => `${iam}:role${path}${prefix}-*`);
  const boundary = `${iam}:policy${path}${boundaryName(project.projectName, id)}`;
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
    {
      // API Gateway makes it for itself with the first stage that is traced.
      sid: 'MakeRoleOfApiGateway',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [`${iam}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`],
      condition: { StringEquals: { 'iam:AWSServiceName': 'ops.apigateway.amazonaws.com' } },
    },
  ];
}

function lockPermissions({ bucket, lockTable }: StateStore): readonly Permission[] {
  return [
    { sid: 'FindState', actions: ['s3:ListBucket'], resources: [bucket.arn] },
    {
      sid: 'LockState',
      actions: named('dynamodb', ['GetItem', 'PutItem', 'DeleteItem', 'DescribeTable']),
      resources: [lockTable.arn],
    },
  ];
}

/** AWS ties these to no resource. */
const READS_WITHOUT_RESOURCE = [
  'cloudwatch:DescribeAlarms',
  'logs:DescribeLogGroups',
  'lambda:ListEventSourceMappings',
  'states:ValidateStateMachineDefinition',
  'ec2:DescribeSubnets',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
  'ec2:DescribeNetworkInterfaces',
];
