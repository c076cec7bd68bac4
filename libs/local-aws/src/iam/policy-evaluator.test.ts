import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument, PolicyStatement } from '../stack-description.ts';
import { compilePolicies, PolicyNotSupportedError } from './policy-evaluator.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:orders';
const OTHER_QUEUE = 'arn:aws:sqs:us-east-1:123456789012:orders-dlq';

function role(...statements: readonly PolicyStatement[]) {
  return { name: 'worker', policies: [{ Version: '2012-10-17', Statement: statements }] };
}

describe('the policies of a role', () => {
  it('deny what no statement allows', () => {
    // Prepare
    const evaluate = compilePolicies(role({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE }));

    // Act
    const decisions = [
      evaluate('sqs:SendMessage', QUEUE),
      evaluate('sqs:DeleteMessage', QUEUE),
      evaluate('sqs:SendMessage', OTHER_QUEUE),
    ];

    // Assess
    expect(decisions).toEqual(['allowed', 'implicitly denied', 'implicitly denied']);
  });

  it('let a Deny win over any Allow', () => {
    // Prepare
    const evaluate = compilePolicies(
      role(
        { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
        { Effect: 'Deny', Action: 'SQS:deletemessage', Resource: QUEUE },
      ),
    );

    // Act
    const decisions = [evaluate('sqs:DeleteMessage', QUEUE), evaluate('sqs:DeleteMessage', OTHER_QUEUE)];

    // Assess
    expect(decisions).toEqual(['explicitly denied', 'allowed']);
  });

  it.each(['Condition', 'Principal'])('are refused with a %s, naming the role', (element) => {
    // Prepare
    const statement = {
      Effect: 'Allow',
      Action: 'sqs:*',
      Resource: '*',
      [element]: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    } as const;

    // Act
    const compile = () => compilePolicies(role(statement));

    // Assess
    expect(compile).toThrow(PolicyNotSupportedError);
    expect(compile).toThrow(/worker.*/);
    expect(compile).toThrow(new RegExp(element));
  });

  it('are decided as the public policy simulator decides them', async () => {
    // Prepare
    const actions = [
      'sqs:SendMessage',
      'sqs:sendmessage',
      'sqs:Send*',
      'sqs:*',
      '*',
      'sqs:DeleteMessag?',
      'lambda:*',
    ];
    const resources = [
      QUEUE,
      OTHER_QUEUE,
      '*',
      'arn:aws:sqs:*:123456789012:orders*',
      'arn:aws:sqs:us-east-1:123456789012:order?',
      'arn:aws:sqs:us-*',
      'arn:aws:sqs:eu-west-1:123456789012:*',
      'arn:*:sqs:*:*:ORDERS',
    ];
    const some = (values: readonly string[]) =>
      fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
    const statement = fc.record({
      Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      actionElement: fc.constantFrom('Action', 'Action', 'NotAction'),
      actions: some(actions),
      resourceElement: fc.constantFrom('Resource', 'Resource', 'NotResource'),
      resources: some(resources),
    });

    // Act and assess
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('sqs:SendMessage', 'sqs:DeleteMessage'),
        fc.constantFrom(QUEUE, OTHER_QUEUE),
        async (drawn, action, resource) => {
          const policy = {
            Version: '2012-10-17',
            Statement: drawn.map(({ Effect, actionElement, actions, resourceElement, resources }) => ({
              Effect,
              [actionElement]: actions,
              [resourceElement]: resources,
            })),
          } as PolicyDocument;
          const decision = compilePolicies({ name: 'worker', policies: [policy] })(action, resource);
          expect(decision).toBe(await oracle(policy, action, resource));
        },
      ),
      { numRuns: 300 },
    );
  });
});

async function oracle(policy: PolicyDocument, action: string, resource: string): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::123456789012:role/worker',
        action,
        resource: { resource, accountId: '123456789012' },
        contextVariables: {},
      },
      identityPolicies: [{ name: 'policy', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  const outcomes: Record<string, string> = {
    Allowed: 'allowed',
    ImplicitlyDenied: 'implicitly denied',
    ExplicitlyDenied: 'explicitly denied',
  };
  const { overallResult } = answer as { overallResult?: string };
  return outcomes[overallResult ?? ''] ?? `the oracle answered ${JSON.stringify(answer)}`;
}
