import { describe, expect, it } from 'vitest';
import { createDispatch } from '../dispatch.ts';
import type { Principal, Service, ServiceCall } from '../service-call.ts';
import type { RoleDescription } from '../stack-description.ts';
import { createAccessInterceptor } from './access-interceptor.ts';
import { createIdentities } from './identities.ts';
import { checkTrust, RoleNotAssumableError } from './trust.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';
const ROLE: RoleDescription = {
  name: 'orders-worker',
  arn: 'arn:aws:iam::123456789012:role/orders-worker',
  assumeRolePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ],
  },
  policies: [
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE }] },
  ],
};
const WORKER: Principal = { kind: 'role', roleArn: ROLE.arn, user: 'worker' };

function guarded() {
  const table: Service = {
    name: 'dynamodb',
    call: () => Promise.resolve({ answered: true }),
    resourceArns: () => [TABLE],
  };
  const dispatch = createDispatch([table], [createAccessInterceptor([ROLE], [table])]);
  return (change: Partial<ServiceCall>) =>
    dispatch({ service: 'dynamodb', operation: 'PutItem', input: {}, principal: WORKER, ...change });
}

describe('a call of a role', () => {
  it('passes where a policy allows it', async () => {
    // Act
    const answer = await guarded()({});

    // Assess
    expect(answer).toEqual({ answered: true });
  });

  it('is refused in the words of AWS where none does', async () => {
    // Act
    const answer = guarded()({ operation: 'UpdateItem' });

    // Assess
    await expect(answer).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/orders-worker/worker is not authorized to perform: ' +
        `dynamodb:UpdateItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:UpdateItem action`,
    });
  });

  it('is refused for a role that the stack does not have', async () => {
    // Act
    const answer = guarded()({
      principal: { kind: 'role', roleArn: 'arn:aws:iam::1:role/gone', user: 'worker' },
    });

    // Assess
    await expect(answer).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('is not asked of an operator', async () => {
    // Act
    const answer = await guarded()({ operation: 'DeleteTable', principal: { kind: 'operator' } });

    // Assess
    expect(answer).toEqual({ answered: true });
  });

  it('to a service that the stack does not run names it', async () => {
    // Act
    const answer = guarded()({
      service: 'cloudwatch',
      operation: 'PutMetricData',
      principal: { kind: 'operator' },
    });

    // Assess
    await expect(answer).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });
});

describe('an access key id', () => {
  it('stands for the role that it was made for, and any other for the operator', () => {
    // Prepare
    const identities = createIdentities();
    const { accessKeyId } = identities.credentialsFor(WORKER);

    // Act
    const principals = [accessKeyId, 'AKIAIOSFODNN7EXAMPLE', undefined].map((id) =>
      identities.principalOf(id),
    );

    // Assess
    expect(principals).toEqual([WORKER, { kind: 'operator' }, { kind: 'operator' }]);
  });
});

describe('a role that Lambda may not assume', () => {
  it('runs no function', () => {
    // Prepare
    const stack = {
      functions: [{ name: 'worker', roleArn: ROLE.arn }],
      stateMachines: [],
      schedules: [],
      region: 'us-east-1',
    };
    const untrusted = {
      ...ROLE,
      assumeRolePolicy: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
        ],
      },
    };

    // Act
    const checks = [ROLE, untrusted].map((role) => () => {
      checkTrust({ ...stack, roles: [role] } as unknown as Parameters<typeof checkTrust>[0]);
    });

    // Assess
    expect(checks[0]).not.toThrow();
    expect(checks[1]).toThrow(RoleNotAssumableError);
    expect(checks[1]).toThrow(/worker: The role defined for the function cannot be assumed by Lambda/);
  });
});
