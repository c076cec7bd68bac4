import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { PolicyDocument } from '@dofs/local-aws/stack-description';
import { readStack } from '@dofs/local-aws/terraform/read-stack';
import { afterAll, describe, expect, it } from 'vitest';
import { resourcesOf } from '../src/rules/stack-json.ts';
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
  const [boundary] = resourcesOf(plain.jsonOf('dofs-global'), 'aws_iam_policy');
  const policy = JSON.parse(
    String(boundary?.args['policy'])
      .replaceAll('${data.aws_partition.partition.partition}', 'aws')
      .replaceAll('${data.aws_caller_identity.current.account_id}', '123456789012'),
  ) as PolicyDocument;

  it.each(Object.entries(CALLS))('leaves %s each of its calls', async (_user, calls) => {
    for (const [action, resource] of calls) {
      expect(await decision([policy], action, resource), `${action} on ${resource}`).toBe('Allowed');
    }
  });

  it.each([
    ['iam:CreateRole', 'arn:aws:iam::123456789012:role/dofs/another'],
    ['iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/dofs/dofs-dev-validator-role'],
    ['s3:GetObject', 'arn:aws:s3:::dofs-terraform-state/dofs-prod/terraform.tfstate'],
    ['dynamodb:GetItem', arn('dynamodb', 'table/another-project')],
    ['lambda:UpdateFunctionCode', lambda('validator')],
    ['kms:Decrypt', arn('kms', 'key/0a1b2c3d-0000-4000-8000-000000000000')],
  ] as const)('denies %s on %s', async (action, resource) => {
    expect(await decision([policy], action, resource)).not.toBe('Allowed');
  });
});

function policiesOf(user: string): readonly PolicyDocument[] {
  return roles.find(({ name }) => name === `dofs-dev-${user}-role`)?.policies ?? [];
}

/** What the public IAM simulator says. */
async function decision(
  policies: readonly PolicyDocument[],
  action: string,
  resource: string,
): Promise<string | undefined> {
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::123456789012:role/a-role',
        action,
        resource: { resource, accountId: '123456789012' },
        contextVariables: {},
      },
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return (answer as { readonly overallResult?: string }).overallResult ?? JSON.stringify(answer);
}
