import type { PolicyDocument } from '@dofs/local-aws/stack-description';
import { afterAll, describe, expect, it } from 'vitest';
import { resourcesOf } from '../src/rules/stack-json.ts';
import {
  api,
  arn,
  build,
  change,
  connection,
  forbidden,
  on,
  pipeline,
  read,
  state,
  tagged,
  within,
} from './global-calls.ts';
import { ACCOUNT, decision, policiesOf, type Call } from './simulate.ts';
import { synthesized } from './synthesized.ts';

const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000000`;
const plain = synthesized();
const keyed = synthesized({ DOFS_KMS_KEY_ARN: KEY, DOFS_API_AUTHORIZATION: 'API_KEY' });
const signed = synthesized({ DOFS_API_AUTHORIZATION: 'AWS_IAM' });
afterAll(() => {
  [plain, keyed, signed].forEach((stacks) => {
    stacks.remove();
  });
});
const json = plain.jsonOf('dofs-global');

const BUILDS = {
  nonprod: ['nonprod_test', 'nonprod_deploy'],
  prod: ['prod_test', 'prod_plan', 'prod_deploy'],
};

/** What each role of the global stack does, and what it must not. */
const ROLES: Readonly<Record<string, { readonly does: readonly Call[]; readonly never: readonly Call[] }>> = {
  apigateway_logging: {
    does: on('*', 'logs:CreateLogGroup', 'logs:DescribeLogGroups', 'logs:PutLogEvents'),
    never: [...on('*', 'logs:CreateLogDelivery'), ...forbidden('dev', 'prod', 'prod')],
  },
  nonprod_pipeline: {
    does: pipeline(BUILDS.nonprod),
    never: [...pipeline(BUILDS.prod).slice(-2), ...change('dev', 'nonprod')],
  },
  prod_pipeline: {
    does: pipeline(BUILDS.prod),
    never: [...pipeline(BUILDS.nonprod).slice(-2), ...change('prod', 'prod')],
  },
  nonprod_test: {
    does: build('nonprod_test'),
    never: [...change('dev', 'nonprod'), ...on(state('dev'), 's3:GetObject')],
  },
  prod_test: {
    does: build('prod_test'),
    never: [...change('prod', 'prod'), ...on(state('prod'), 's3:GetObject')],
  },
  prod_plan: {
    does: [...build('prod_plan'), ...read('prod')],
    never: [...change('prod', 'prod'), ...forbidden('prod', 'dev', 'nonprod')],
  },
  nonprod_deploy: {
    does: [
      ...build('nonprod_deploy'),
      ...['dev', 'staging'].flatMap((environment) => [
        ...read(environment),
        ...change(environment, 'nonprod'),
      ]),
    ],
    never: forbidden('dev', 'prod', 'prod'),
  },
  prod_deploy: {
    does: [...build('prod_deploy'), ...read('prod'), ...change('prod', 'prod')],
    never: forbidden('prod', 'staging', 'nonprod'),
  },
};

const policiesOfRole = (id: string, stack = json) => policiesOf(stack, `${id}_policy`, `${id}_resources`);
const named = ({ action, resource, context = {} }: Call) =>
  `${action} on ${resource} with ${JSON.stringify(context)}`;

describe('the roles of the global stack', () => {
  it('are those that are looked at here', () => {
    const roles = resourcesOf(json, 'aws_iam_role').map(({ address }) => /\.(\w+)_role$/.exec(address)?.[1]);
    expect(roles.sort()).toEqual(Object.keys(ROLES).sort());
  });

  it.each(Object.entries(ROLES))('let %s do its work', async (id, { does }) => {
    for (const call of does) {
      expect(await decision(policiesOfRole(id), call), named(call)).toBe('Allowed');
    }
  });

  it.each(Object.entries(ROLES))('let %s do nothing else', async (id, { never }) => {
    expect(never.length).toBeGreaterThanOrEqual(10);
    for (const call of never) {
      expect(await decision(policiesOfRole(id), call), named(call)).not.toBe('Allowed');
    }
  });

  it('let a build use a connection under either name of its service', async () => {
    for (const service of ['codeconnections', 'codestar-connections']) {
      const call = {
        action: `${service}:UseConnection`,
        resource: connection.replace('codeconnections', service),
      };
      const [policy, ...others] = policiesOfRole('nonprod_test').map((document) =>
        JSON.stringify(document).replaceAll(connection, call.resource),
      );
      const policies = [policy ?? '', ...others].map((text) => JSON.parse(text) as PolicyDocument);
      expect(await decision(policies, call)).toBe('Allowed');
    }
  });

  it('let a deployment, and only that, lend and use a customer-managed key', async () => {
    const stack = keyed.jsonOf('dofs-global');
    const use = on(
      KEY,
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'kms:DescribeKey',
      'kms:ReEncryptTo',
    );
    const lend = within(on(KEY, 'kms:CreateGrant'), { 'kms:GrantIsForAWSResource': 'true' });
    for (const call of [...use, ...lend]) {
      expect(await decision(policiesOfRole('nonprod_deploy', stack), call), named(call)).toBe('Allowed');
      expect(await decision(policiesOfRole('nonprod_deploy'), call), named(call)).not.toBe('Allowed');
      expect(await decision(policiesOfRole('nonprod_test', stack), call), named(call)).not.toBe('Allowed');
    }
    const anyGrant = within(on(KEY, 'kms:CreateGrant'), { 'kms:GrantIsForAWSResource': 'false' });
    for (const call of [...anyGrant, ...on(KEY, 'kms:ScheduleKeyDeletion')]) {
      expect(await decision(policiesOfRole('nonprod_deploy', stack), call)).not.toBe('Allowed');
    }
  });

  it('let the smoke test in where the API asks for a key or a signature', async () => {
    const readKey = within(on(api('/apikeys/abc'), 'apigateway:GET'), tagged('ResourceTag', 'dev'));
    const invoke = [
      ...on(arn('execute-api', 'abc/dev/POST/order'), 'execute-api:Invoke'),
      ...on(arn('execute-api', 'abc/staging/GET/order/0d5f0b4e'), 'execute-api:Invoke'),
    ];
    const others = [
      ...within(on(api('/apikeys/abc'), 'apigateway:GET'), tagged('ResourceTag', 'prod')),
      ...on(arn('execute-api', 'abc/prod/POST/order'), 'execute-api:Invoke'),
    ];
    // The simulator takes no wildcard for an API's id, IAM does (AWS: "Control access for invoking an API").
    const withApi = (text: string) =>
      JSON.parse(text.replaceAll(`${ACCOUNT}:*/`, `${ACCOUNT}:abc/`)) as PolicyDocument;
    const may = (call: Call, stacks: typeof plain) =>
      decision(
        policiesOfRole('nonprod_test', stacks.jsonOf('dofs-global')).map((policy) =>
          withApi(JSON.stringify(policy)),
        ),
        call,
      );
    for (const call of readKey) {
      expect([await may(call, keyed), await may(call, plain)]).toEqual(['Allowed', 'ImplicitlyDenied']);
    }
    for (const call of invoke) {
      expect([await may(call, signed), await may(call, plain)]).toEqual(['Allowed', 'ImplicitlyDenied']);
    }
    for (const call of others) {
      expect([await may(call, keyed), await may(call, signed)]).toEqual([
        'ImplicitlyDenied',
        'ImplicitlyDenied',
      ]);
    }
  });
});

describe('the policies of the global stack', () => {
  it('stay within the quotas of IAM, whatever the names', () => {
    // Prepare: the longest project name, a long region, every option
    const long = synthesized({
      DOFS_PROJECT_NAME: 'a2345678901234567890',
      DOFS_REGION: 'ap-northeast-1',
      DOFS_API_AUTHORIZATION: 'API_KEY',
      DOFS_KMS_KEY_ARN: KEY,
    });
    const stack = long.jsonOf('a2345678901234567890-global');

    // Act
    const sizes = ['aws_iam_role_policy', 'aws_iam_policy'].flatMap((type) =>
      resourcesOf(stack, type).map(({ address }) => {
        const [policy] = policiesOf(stack, address.split('.')[1] ?? '');
        return { address, over: JSON.stringify(policy).length - (type === 'aws_iam_policy' ? 6144 : 10_240) };
      }),
    );
    long.remove();

    // Assess
    expect(sizes.length).toBeGreaterThan(10);
    expect(sizes.filter(({ over }) => over > 0)).toEqual([]);
  });
});
