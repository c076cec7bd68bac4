import { ACCOUNT, arnOf, type Call } from './simulate.ts';

export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const iam = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
export const api = (path: string) => `arn:aws:apigateway:us-east-1::${path}`;
export const on = (resource: string, ...actions: readonly string[]): Call[] =>
  actions.map((action) => ({ action, resource }));
export const within = (calls: readonly Call[], context: Readonly<Record<string, string>>): Call[] =>
  calls.map((call) => ({ ...call, context: { ...call.context, ...context } }));
export const tagged = (key: 'RequestTag' | 'ResourceTag', environment: string, project = 'dofs') => ({
  [`aws:${key}/Project`]: project,
  [`aws:${key}/Environment`]: environment,
});

const artifacts = arnOf('s3_bucket', 'artifacts');
export const connection = arnOf('codestarconnections_connection', 'github');
const useArtifacts = [
  ...on(`${artifacts}/a-pipeline/source/abc`, 's3:GetObject', 's3:GetObjectVersion', 's3:PutObject'),
  ...on(artifacts, 's3:GetBucketAcl', 's3:GetBucketLocation'),
];
const useConnection = on(connection, 'codeconnections:UseConnection');

/** What every build does, whichever it is. */
export const build = (id: string): Call[] => [
  ...on(
    `${arnOf('cloudwatch_log_group', `${id}_logs`)}:log-stream:x`,
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  ...useArtifacts,
  ...useConnection,
];

export const pipeline = (builds: readonly string[]): Call[] => [
  ...useArtifacts,
  ...on(`${artifacts}/a-pipeline/source/abc`, 's3:PutObjectAcl'),
  ...on(artifacts, 's3:GetBucketVersioning'),
  ...useConnection,
  ...builds.flatMap((name) =>
    on(arnOf('codebuild_project', name), 'codebuild:StartBuild', 'codebuild:BatchGetBuilds'),
  ),
];

const lock = on(
  arn('dynamodb', 'table/state_locks'),
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:DeleteItem',
);
export const state = (environment: string) => `arn:aws:s3:::state/dofs-${environment}/terraform.tfstate`;

/** What Terraform reads of an environment, for a plan as for a deployment. */
export const read = (environment: string): Call[] => {
  const name = `dofs-${environment}`;
  return [
    ...on(state(environment), 's3:GetObject'),
    ...on(arnOf('s3_bucket', 'state'), 's3:ListBucket'),
    ...lock,
    ...on(arn('lambda', `function:${name}-validator`), 'lambda:GetFunction', 'lambda:GetPolicy'),
    ...on(
      arn('lambda', 'event-source-mapping:0a1b2c3d-0000-4000-8000-000000000000'),
      'lambda:GetEventSourceMapping',
    ),
    ...on(
      arn('dynamodb', `table/${name}-orders`),
      'dynamodb:DescribeTable',
      'dynamodb:DescribeContinuousBackups',
    ),
    ...on(arn('sqs', `${name}-order-queue`), 'sqs:GetQueueAttributes', 'sqs:ListQueueTags'),
    ...on(arn('states', `stateMachine:${name}-order-processing`), 'states:DescribeStateMachine'),
    ...on(
      '*',
      'states:ValidateStateMachineDefinition',
      'logs:DescribeLogGroups',
      'cloudwatch:DescribeAlarms',
    ),
    ...on(arn('events', `rule/${name}-stuck-order-sweep-schedule`), 'events:DescribeRule'),
    ...on(arn('sns', `${name}-alerts`), 'sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'),
    ...on(`arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}-orders`, 'cloudwatch:GetDashboard'),
    ...on(iam(`role/dofs/${name}-validator-role`), 'iam:GetRole', 'iam:GetRolePolicy'),
    ...on(api('/restapis/abc/resources/x/methods/POST'), 'apigateway:GET'),
    ...within(on(api('/apikeys/abc'), 'apigateway:GET'), tagged('ResourceTag', environment)),
  ];
};

/** What Terraform changes of an environment. */
export const change = (environment: string, pipelineName: string): Call[] => {
  const name = `dofs-${environment}`;
  const role = iam(`role/dofs/${name}-validator-role`);
  const lambda = arn('lambda', `function:${name}-validator`);
  return [
    ...on(state(environment), 's3:PutObject'),
    ...on(lambda, 'lambda:CreateFunction', 'lambda:UpdateFunctionCode', 'lambda:AddPermission'),
    ...within(
      [
        ...on('*', 'lambda:CreateEventSourceMapping'),
        ...on(arn('lambda', 'event-source-mapping:abc'), 'lambda:DeleteEventSourceMapping'),
      ],
      { 'lambda:FunctionArn': lambda },
    ),
    ...on(
      arn('dynamodb', `table/${name}-orders`),
      'dynamodb:CreateTable',
      'dynamodb:UpdateContinuousBackups',
    ),
    ...on(arn('sqs', `${name}-order-queue`), 'sqs:CreateQueue', 'sqs:SetQueueAttributes'),
    ...on(arn('states', `stateMachine:${name}-order-processing`), 'states:CreateStateMachine'),
    ...on(
      arn('logs', `log-group:/aws/lambda/${name}-validator`),
      'logs:CreateLogGroup',
      'logs:AssociateKmsKey',
    ),
    ...on('*', 'logs:CreateLogDelivery'),
    ...on(arn('cloudwatch', `alarm:${name}-api-5xx`), 'cloudwatch:PutMetricAlarm'),
    ...within(on(role, 'iam:CreateRole', 'iam:PutRolePolicy'), {
      'iam:PermissionsBoundary': iam(`policy/dofs/dofs-${pipelineName}-boundary`),
    }),
    ...within(on(role, 'iam:PassRole'), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    ...within(
      on(
        iam('role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway'),
        'iam:CreateServiceLinkedRole',
      ),
      { 'iam:AWSServiceName': 'ops.apigateway.amazonaws.com' },
    ),
    ...within(
      ['/restapis', '/apikeys', '/usageplans'].flatMap((path) => on(api(path), 'apigateway:POST')),
      tagged('RequestTag', environment),
    ),
    ...within(
      [
        ...on(api('/restapis/abc'), 'apigateway:PATCH', 'apigateway:DELETE'),
        ...on(api('/restapis/abc/stages'), 'apigateway:POST'),
        ...on(api('/restapis/abc/resources/x/methods/POST'), 'apigateway:PUT'),
        ...on(api('/apikeys/abc'), 'apigateway:DELETE'),
        ...on(api('/usageplans/abc/keys'), 'apigateway:POST'),
        ...on(api(`/tags/${encodeURIComponent(api('/restapis/abc'))}`), 'apigateway:PUT'),
      ],
      tagged('ResourceTag', environment),
    ),
    ...on(api(`/tags/${encodeURIComponent(api('/restapis/new'))}`), 'apigateway:PUT'),
  ];
};

/** What nobody who deploys `own` may do to `other`, nor to what holds both. */
export const forbidden = (own: string, other: string, otherPipeline: string): Call[] => [
  ...on(state(other), 's3:GetObject', 's3:PutObject'),
  ...on(
    arn('lambda', `function:dofs-${other}-validator`),
    'lambda:UpdateFunctionCode',
    'lambda:DeleteFunction',
  ),
  ...on(arn('dynamodb', `table/dofs-${other}-orders`), 'dynamodb:DeleteTable'),
  ...on(arn('dynamodb', `table/dofs-${own}-orders`), 'dynamodb:Scan', 'dynamodb:PutItem'),
  ...on(arn('dynamodb', 'table/state_locks'), 'dynamodb:DeleteTable'),
  ...within(on(arn('lambda', 'event-source-mapping:abc'), 'lambda:DeleteEventSourceMapping'), {
    'lambda:FunctionArn': arn('lambda', `function:dofs-${other}-validator`),
  }),
  // Roles: without a boundary, with the other's, of the pipelines themselves, for another service.
  ...on(
    iam(`role/dofs/dofs-${own}-validator-role`),
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
  ),
  ...on(iam(`role/dofs/dofs-${own}-validator-role`), 'iam:DeleteRolePermissionsBoundary'),
  ...within(on(iam(`role/dofs/dofs-${own}-validator-role`), 'iam:CreateRole'), {
    'iam:PermissionsBoundary': iam(`policy/dofs/dofs-${otherPipeline}-boundary`),
  }),
  ...on(iam('role/dofs/dofs-prod-deploy-role'), 'iam:UpdateAssumeRolePolicy').filter(() => own !== 'prod'),
  ...on(iam('policy/dofs/dofs-nonprod-boundary'), 'iam:CreatePolicyVersion'),
  ...within(on(iam(`role/dofs/dofs-${own}-validator-role`), 'iam:PassRole'), {
    'iam:PassedToService': 'ec2.amazonaws.com',
  }),
  ...within(on(iam('role/aws-service-role/support.amazonaws.com/x'), 'iam:CreateServiceLinkedRole'), {
    'iam:AWSServiceName': 'support.amazonaws.com',
  }),
  // APIs: of the other environment, of another project, of nobody that is known.
  ...within(on(api('/restapis'), 'apigateway:POST'), tagged('RequestTag', other)),
  ...on(api('/restapis'), 'apigateway:POST'),
  ...within(on(api('/restapis/abc'), 'apigateway:DELETE'), tagged('ResourceTag', other)),
  ...within(on(api('/restapis/abc'), 'apigateway:DELETE'), tagged('ResourceTag', own, 'another')),
  ...on(api('/restapis/abc'), 'apigateway:DELETE'),
  ...within(on(api('/apikeys/abc'), 'apigateway:GET'), tagged('ResourceTag', other)),
  ...within(on(api('/tags/abc'), 'apigateway:PUT'), tagged('ResourceTag', other)),
  ...on(api('/account'), 'apigateway:PATCH'),
];
