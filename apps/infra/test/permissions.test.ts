import type { PolicyDocument } from '@dofs/local-aws/stack-description';
import { readStack } from '@dofs/local-aws/terraform/read-stack';
import { afterAll, describe, expect, it } from 'vitest';
import { decision as decide, policiesOf as globalPolicies } from './simulate.ts';
import { synthesized } from './synthesized.ts';

const plain = synthesized();
afterAll(() => {
  plain.remove();
});
const roles = readStack(plain.folderOf('dofs-dev')).roles;

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const ORDERS = arn('dynamodb', 'table/dofs-dev-orders');
const FAILED = arn('dynamodb', 'table/dofs-dev-failed-orders');
const QUEUE = arn('sqs', 'dofs-dev-order-queue');
const DLQ = arn('sqs', 'dofs-dev-order-dlq');
const MACHINE = arn('states', 'stateMachine:dofs-dev-order-processing');
const EXECUTION = arn('states', 'execution:dofs-dev-order-processing:0d5f0b4e-0000-4000-8000-000000000000');
const lambda = (name: string) => arn('lambda', `function:dofs-dev-${name}`);
const anywhere = (service: string, actions: readonly string[]) =>
  actions.map((action) => [`${service}:${action}`, '*'] as const);

const KEY = arn('kms', 'key/0a1b2c3d-0000-4000-8000-000000000000');

type Call = readonly [action: string, resource: string];

/** What Lambda itself does in a function's name. */
const runtime = (name: string): Call[] => [
  ['logs:CreateLogStream', arn('logs', `log-group:/aws/lambda/dofs-dev-${name}:log-stream:2026/11/23`)],
  ['logs:PutLogEvents', arn('logs', `log-group:/aws/lambda/dofs-dev-${name}:log-stream:2026/11/23`)],
  ...anywhere('xray', ['PutTraceSegments', 'PutTelemetryRecords']),
];
/** What Lambda's poller does with a consumer's role. */
const poller = (queue: string): Call[] =>
  ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => [`sqs:${action}`, queue] as const,
  );
const settle: readonly Call[] = [
  ['dynamodb:UpdateItem', ORDERS],
  ['dynamodb:GetItem', ORDERS],
];
const recordFailure: Call = ['dynamodb:PutItem', FAILED];

/** Every call that each role's code makes: commands in the sources, calls of the services themselves. */
const CALLS: Readonly<Record<string, readonly Call[]>> = {
  'api-handler': [
    ['states:StartExecution', MACHINE],
    ['states:DescribeExecution', EXECUTION],
    ['dynamodb:GetItem', ORDERS],
    ...runtime('api-handler'),
  ],
  validator: runtime('validator'),
  'order-storage': [['dynamodb:PutItem', ORDERS], ...settle, recordFailure, ...runtime('order-storage')],
  'fulfill-order': [
    ...settle,
    recordFailure,
    ['dynamodb:DeleteItem', FAILED],
    ...poller(QUEUE),
    ...runtime('fulfill-order'),
  ],
  'dlq-handler': [
    ...settle,
    recordFailure,
    ['dynamodb:DeleteItem', FAILED],
    ...poller(DLQ),
    ...runtime('dlq-handler'),
  ],
  'stuck-order-sweep': [
    ['dynamodb:Query', `${ORDERS}/index/status-index`],
    ['dynamodb:Query', `${FAILED}/index/failed-at-index`],
    ['dynamodb:BatchGetItem', ORDERS],
    ...settle,
    ['dynamodb:GetItem', FAILED],
    recordFailure,
    ['dynamodb:DeleteItem', FAILED],
    ['sqs:SendMessage', QUEUE],
    ['sqs:SendMessage', DLQ],
    ['sqs:GetQueueAttributes', QUEUE],
    ['states:ListExecutions', MACHINE],
    ['states:DescribeExecution', EXECUTION],
    ...runtime('stuck-order-sweep'),
  ],
  'order-processing': [
    ['lambda:InvokeFunction', lambda('validator')],
    ['lambda:InvokeFunction', lambda('order-storage')],
    ['sqs:SendMessage', QUEUE],
    ['sqs:SendMessage', DLQ],
    ...anywhere('logs', [
      ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery'],
      ...['ListLogDeliveries', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
    ]),
    ...anywhere('xray', [
      ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'],
    ]),
  ],
};

/** What Lambda does with the role of a function in a VPC. */
const NETWORK = anywhere('ec2', [
  ...['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'],
  ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
]);

/** Calls that no role of an environment makes. */
const NEVER: readonly Call[] = [
  ['dynamodb:Scan', ORDERS],
  ['dynamodb:DeleteTable', ORDERS],
  ['dynamodb:DeleteItem', ORDERS],
  ['dynamodb:GetItem', arn('dynamodb', 'table/dofs-prod-orders')],
  ['sqs:PurgeQueue', QUEUE],
  ['sqs:DeleteQueue', DLQ],
  ['lambda:InvokeFunction', lambda('fulfill-order')],
  ['lambda:UpdateFunctionCode', lambda('validator')],
  ['states:StopExecution', EXECUTION],
  ['iam:PassRole', 'arn:aws:iam::123456789012:role/dofs/dofs-dev-validator-role'],
  ['s3:GetObject', 'arn:aws:s3:::dofs-terraform-state/dofs-dev/terraform.tfstate'],
  ['logs:DeleteLogGroup', arn('logs', 'log-group:/aws/lambda/dofs-dev-validator')],
];

describe('the roles', () => {
  it('are those of the functions and of the workflow', () => {
    expect(roles.map(({ name }) => name).sort()).toEqual(
      Object.keys(CALLS)
        .map((user) => `dofs-dev-${user}-role`)
        .sort(),
    );
  });

  it.each(Object.entries(CALLS))('let %s make each of its calls', async (user, calls) => {
    for (const [action, resource] of calls) {
      expect(await decision(policiesOf(user), action, resource), `${action} on ${resource}`).toBe('Allowed');
    }
  });

  it.each(Object.keys(CALLS))('let %s make no call of others', async (user) => {
    // Prepare
    const own = new Set(CALLS[user]?.map((call) => call.join(' ')));
    const others = [...NEVER, ...Object.values(CALLS).flat()].filter(
      (call) => !own.has(call.join(' ')) && call[1] !== '*',
    );

    // Act and assess
    expect(others.length).toBeGreaterThanOrEqual(10);
    for (const [action, resource] of others) {
      expect(await decision(policiesOf(user), action, resource), `${action} on ${resource}`).not.toBe(
        'Allowed',
      );
    }
  });

  it.each(Object.entries(CALLS))('give %s nothing that its code does not use', async (user, calls) => {
    // Act
    const granted = policiesOf(user)
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Action = [], Resource = [] }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource }))),
      );

    // Assess
    for (const { action, resource } of granted) {
      const policy = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow' as const, Action: action, Resource: resource }],
      };
      const decisions = await Promise.all(calls.map((call) => decision([policy], ...call)));
      expect(decisions, `${action} on ${resource}`).toContain('Allowed');
    }
  });
});

describe('the boundary of the roles', () => {
  // Prepare
  const policies = globalPolicies(plain.jsonOf('dofs-global'), 'nonprod_boundary');

  it.each(Object.entries(CALLS))('leaves %s each of its calls', async (_user, calls) => {
    for (const [action, resource] of calls) {
      expect(await decision(policies, action, resource), `${action} on ${resource}`).toBe('Allowed');
    }
  });

  it.each([
    ['iam:CreateRole', 'arn:aws:iam::123456789012:role/dofs/another'],
    ['iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/dofs/dofs-dev-validator-role'],
    ['s3:GetObject', 'arn:aws:s3:::dofs-terraform-state/dofs-prod/terraform.tfstate'],
    ['dynamodb:GetItem', arn('dynamodb', 'table/another-project')],
    ['dynamodb:GetItem', arn('dynamodb', 'table/dofs-prod-orders')],
    ['dynamodb:DeleteItem', arn('dynamodb', 'table/dofs-terraform-locks')],
    ['sqs:SendMessage', arn('sqs', 'dofs-prod-order-queue')],
    ['lambda:InvokeFunction', arn('lambda', 'function:dofs-prod-validator')],
    ['states:StartExecution', arn('states', 'stateMachine:dofs-prod-order-processing')],
    ['lambda:UpdateFunctionCode', lambda('validator')],
    ['kms:Decrypt', KEY],
  ] as const)('denies %s on %s', async (action, resource) => {
    expect(await decision(policies, action, resource)).not.toBe('Allowed');
  });

  it('of prod is another', async () => {
    const prod = globalPolicies(plain.jsonOf('dofs-global'), 'prod_boundary');
    expect(await decision(prod, 'sqs:SendMessage', arn('sqs', 'dofs-prod-order-queue'))).toBe('Allowed');
    expect(await decision(prod, 'sqs:SendMessage', QUEUE)).not.toBe('Allowed');
  });
});

describe('a customer-managed key', () => {
  // Prepare
  const closed = synthesized({ DOFS_KMS_KEY_ARN: KEY });
  afterAll(() => {
    closed.remove();
  });
  const roles = readStack(closed.folderOf('dofs-dev')).roles;
  const boundary = globalPolicies(closed.jsonOf('dofs-global'), 'nonprod_boundary');
  const viaService = (service: string) => ({ 'kms:ViaService': `${service}.us-east-1.amazonaws.com` });

  it.each([
    ['api-handler', 'kms:Decrypt', viaService('dynamodb')],
    ['fulfill-order', 'kms:Decrypt', viaService('sqs')],
    ['stuck-order-sweep', 'kms:GenerateDataKey', viaService('sqs')],
    ['validator', 'kms:Decrypt', viaService('lambda')],
    ['order-processing', 'kms:GenerateDataKey', viaService('sqs')],
    ['order-processing', 'kms:Decrypt', { 'kms:EncryptionContext:aws:states:stateMachineArn': MACHINE }],
    [
      'order-processing',
      'kms:GenerateDataKey',
      { 'kms:EncryptionContext:aws:states:stateMachineArn': MACHINE },
    ],
    ['order-processing', 'kms:GenerateDataKey', { 'kms:EncryptionContext:SourceArn': arn('logs', '*') }],
  ])('can be used by %s: %s with %o', async (user, action, context) => {
    // Act
    const own = roles.find(({ name }) => name === `dofs-dev-${user}-role`)?.policies ?? [];

    // Assess
    expect(await decision(own, action, KEY, context)).toBe('Allowed');
    expect(await decision(boundary, action, KEY, context)).toBe('Allowed');
  });

  it.each([
    ['kms:Decrypt', {}],
    ['kms:Decrypt', viaService('s3')],
    [
      'kms:Decrypt',
      {
        'kms:EncryptionContext:aws:states:stateMachineArn': arn(
          'states',
          'stateMachine:dofs-prod-order-processing',
        ),
      },
    ],
    ['kms:CreateGrant', viaService('dynamodb')],
  ])('lets the boundary refuse %s with %o', async (action, context) => {
    expect(await decision(boundary, action, KEY, context)).not.toBe('Allowed');
  });
});

describe.each([
  ['EXPRESS', { DOFS_WORKFLOW_TYPE: 'EXPRESS' }],
  ['a VPC', { DOFS_VPC_SUBNET_IDS: 'subnet-1a', DOFS_VPC_SECURITY_GROUP_IDS: 'sg-1' }],
] as const)('with %s', (option, variables) => {
  // Prepare
  const changed = synthesized({ DOFS_ENVIRONMENT: 'dev', ...variables });
  afterAll(() => {
    changed.remove();
  });
  const policies = (user: string) =>
    readStack(changed.folderOf('dofs-dev')).roles.find(({ name }) => name === `dofs-dev-${user}-role`)
      ?.policies ?? [];

  it.each(Object.entries(CALLS))(
    '%s is left its calls, and granted what the boundary leaves',
    async (user, calls) => {
      const boundary = globalPolicies(plain.jsonOf('dofs-global'), 'nonprod_boundary');
      // EXPRESS executions can be neither listed nor looked up.
      const impossible = option === 'EXPRESS' ? /^states:(List|Describe)/ : /^$/;
      const network: Call[] = option === 'EXPRESS' || user === 'order-processing' ? [] : NETWORK;
      for (const [action, resource] of [...calls, ...network]) {
        const expected = impossible.test(action) ? 'ImplicitlyDenied' : 'Allowed';
        expect(await decision(policies(user), action, resource), `${action} on ${resource}`).toBe(expected);
        expect(await decision(boundary, action, resource), `${action} on ${resource}`).toBe('Allowed');
      }
    },
  );
});

function policiesOf(user: string): readonly PolicyDocument[] {
  return roles.find(({ name }) => name === `dofs-dev-${user}-role`)?.policies ?? [];
}

function decision(
  policies: readonly PolicyDocument[],
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): Promise<string> {
  return decide(policies, { action, resource, context });
}
