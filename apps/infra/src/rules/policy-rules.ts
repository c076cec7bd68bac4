import { resourcesOf, type Resource, type Rule } from './stack-json.ts';

/**
 * Actions for which "*" is the only resource that works, because AWS defines none for them (Service Authorization
 * Reference, the tables "Actions, resources, and condition keys" of each service).
 */
const NEEDS_ANY_RESOURCE: Readonly<Record<string, string>> = {
  'xray:PutTraceSegments': 'traces belong to no resource',
  'xray:PutTelemetryRecords': 'traces belong to no resource',
  'xray:GetSamplingRules': 'sampling rules are the account’s',
  'xray:GetSamplingTargets': 'sampling rules are the account’s',
  'logs:CreateLogDelivery': 'log deliveries have no ARN',
  'logs:GetLogDelivery': 'log deliveries have no ARN',
  'logs:UpdateLogDelivery': 'log deliveries have no ARN',
  'logs:DeleteLogDelivery': 'log deliveries have no ARN',
  'logs:ListLogDeliveries': 'log deliveries have no ARN',
  'logs:PutResourcePolicy': 'resource policies of CloudWatch Logs have no ARN',
  'logs:DescribeResourcePolicies': 'resource policies of CloudWatch Logs have no ARN',
  'logs:DescribeLogGroups': 'lists all groups',
  'ec2:CreateNetworkInterface':
    'Lambda makes its interfaces with the function’s role, and their ids come later',
  'ec2:DescribeNetworkInterfaces': 'lists',
  'ec2:DescribeSubnets': 'lists',
  'ec2:DescribeSecurityGroups': 'lists',
  'ec2:DescribeVpcs': 'lists',
  'ec2:DeleteNetworkInterface':
    'Lambda makes its interfaces with the function’s role, and their ids come later',
  'ec2:AssignPrivateIpAddresses': 'Lambda makes its interfaces with the function’s role',
  'ec2:UnassignPrivateIpAddresses': 'Lambda makes its interfaces with the function’s role',
  'logs:CreateLogGroup': 'API Gateway takes no logging role but one for any group',
  'logs:CreateLogStream': 'API Gateway takes no logging role but one for any group',
  'logs:DescribeLogStreams': 'API Gateway takes no logging role but one for any group',
  'logs:PutLogEvents': 'API Gateway takes no logging role but one for any group',
  'logs:GetLogEvents': 'API Gateway takes no logging role but one for any group',
  'logs:FilterLogEvents': 'API Gateway takes no logging role but one for any group',
  'lambda:ListEventSourceMappings': 'lists',
  'lambda:CreateEventSourceMapping': 'a mapping’s id comes with it; a condition names the functions',
  'lambda:GetEventSourceMapping':
    'mappings are known by ids that AWS makes up; they tell no more than their names',
  'lambda:UpdateEventSourceMapping': 'a mapping’s id comes with it; a condition names the functions',
  'lambda:DeleteEventSourceMapping': 'a mapping’s id comes with it; a condition names the functions',
  'states:ValidateStateMachineDefinition': 'checks a text',
  'cloudwatch:DescribeAlarms': 'lists',
};

/** Where a resource may end in `*`, because single names can't be known before; the text is what comes before it. */
const OPEN_ENDED: readonly { readonly ends: RegExp; readonly of?: RegExp; readonly reason: string }[] = [
  { ends: /aws_cloudwatch_log_group\.[\w-]+\.arn\}:$/, reason: 'streams of one log group' },
  { ends: /:execution:[a-z0-9-]+:$/, reason: 'executions of one state machine, named by order ids' },
  { ends: /aws_s3_bucket\.[\w-]+\.arn\}\/$/, reason: 'objects of one bucket, named by the pipelines' },
  {
    ends: /[:/][a-z][a-z0-9-]*-$/,
    of: /_(deploy|plan)_policy$|_deploy_resources$|_boundary$/,
    reason: 'resources of one environment, for what makes and bounds them',
  },
  {
    ends: /:apigateway:[a-z0-9-]+::\/(restapis|apikeys|usageplans|tags)\/$/,
    reason: 'ids that AWS makes up',
  },
  {
    ends: /:execute-api:[^:]+:[^:]+:\*\/[a-z]+\/(POST\/order|GET\/order\/)$/,
    reason: 'an API’s id is made up by AWS; its stage has the environment’s name',
  },
  { ends: /:event-source-mapping:$/, reason: 'ids that AWS makes up' },
  { ends: /:kms:[^:]*:[^:]*:key\/$/, reason: 'keys known by their use: a condition names it' },
];

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** No wildcard in an action, and none in a resource but where AWS or the names leave no choice. */
export const policiesAreExact: Rule = (stack) =>
  [...resourcesOf(stack, 'aws_iam_role_policy'), ...resourcesOf(stack, 'aws_iam_policy')].flatMap(
    ({ address, args }) =>
      statementsOf({ address, args }).flatMap((statement) => [
        ...actionProblems(address, statement),
        ...resourceProblems(address, statement),
      ]),
  );

function mayBeOpen(address: string, resource: string): boolean {
  const beginning = resource.replace(/\*$/, '');
  return OPEN_ENDED.some(({ ends, of }) => ends.test(beginning) && (of === undefined || of.test(address)));
}

function statementsOf({ args }: Resource): readonly Statement[] {
  const policy = JSON.parse(String(args['policy'])) as { readonly Statement: readonly Statement[] };
  return policy.Statement.filter(({ Effect }) => Effect === 'Allow');
}

function actionProblems(address: string, { Action }: Statement): string[] {
  return [Action]
    .flat()
    .filter((action) => action.includes('*'))
    .map((action) => `${address}: allows ${action}; name each action that the code calls`);
}

function resourceProblems(address: string, { Action, Resource }: Statement): string[] {
  const actions = [Action].flat();
  return [Resource].flat().flatMap((resource) => {
    if (resource === '*') {
      return actions
        .filter((action) => !Object.hasOwn(NEEDS_ANY_RESOURCE, action))
        .map((action) => `${address}: allows ${action} on every resource; name the resources' ARNs`);
    }
    const isOpen = resource.includes('*') && !mayBeOpen(address, resource);
    return isOpen
      ? [`${address}: allows ${actions.join(', ')} on ${resource}; name the resource's whole ARN`]
      : [];
  });
}
