import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resourcesOf } from '../src/rules/stack-json.ts';
import { synthesized } from './synthesized.ts';

const plain = synthesized();
afterAll(() => {
  plain.remove();
});

describe('the stacks', () => {
  it('are the three environments and the one that they share', () => {
    expect(plain.stacks).toEqual(['dofs-dev', 'dofs-global', 'dofs-prod', 'dofs-staging']);
  });

  it('have the outputs of the contract', () => {
    // Act
    const { output } = plain.jsonOf('dofs-dev');

    // Assess
    expect(Object.keys(output as object).sort()).toEqual([
      'api_gateway_id',
      'api_gateway_url',
      'api_handler_function_name',
      'environment_info',
      'failed_orders_table_name',
      'order_dlq_url',
      'order_queue_url',
      'orders_table_name',
      'state_machine_arn',
    ]);
  });

  it('take their names from the project, all of them', () => {
    // Act
    const renamed = synthesized({ DOFS_PROJECT_NAME: 'acme' });

    // Assess
    expect(renamed.stacks).toEqual(['acme-dev', 'acme-global', 'acme-prod', 'acme-staging']);
    for (const stack of renamed.stacks) {
      expect(/.{0,60}dofs.{0,60}/i.exec(renamed.textOf(stack))).toBeNull();
    }
    renamed.remove();
  });

  it('tell every build the branch that is released, which the test step compares with', () => {
    // Act
    const renamed = synthesized({ DOFS_MAIN_BRANCH: 'release' });

    // Assess
    const builds = resourcesOf(renamed.jsonOf('dofs-global'), 'aws_codebuild_project');
    expect(builds.length).toBeGreaterThan(0);
    for (const build of builds) {
      expect(JSON.stringify(build)).toContain('{"name":"MAIN_BRANCH","value":"release"}');
    }
    renamed.remove();
  });

  it('keep their state where the backend says', () => {
    // Act
    const local = synthesized({ DOFS_STATE_BACKEND: 'local', DOFS_ENVIRONMENT: 'dev' });

    // Assess
    const backendOf = (json: Readonly<Record<string, unknown>>) =>
      (json['terraform'] as { backend: unknown }).backend;
    expect(backendOf(plain.jsonOf('dofs-dev'))).toEqual({
      s3: {
        bucket: 'a-bucket',
        key: 'dofs-dev/terraform.tfstate',
        region: 'us-east-1',
        encrypt: true,
        dynamodb_table: 'dofs-terraform-locks',
      },
    });
    expect(local.stacks).toEqual(['dofs-dev']);
    expect(backendOf(local.jsonOf('dofs-dev'))).toHaveProperty('local.path');
    local.remove();
  });

  it('pack the same code into the same bytes', () => {
    // Act
    const again = synthesized({ DOFS_ENVIRONMENT: 'dev' });

    // Assess
    const zip = (folder: string) => readFileSync(join(folder, 'assets/api-handler.zip'));
    expect(zip(again.folderOf('dofs-dev')).equals(zip(plain.folderOf('dofs-dev')))).toBe(true);
    expect(again.textOf('dofs-dev')).toBe(plain.textOf('dofs-dev'));
    again.remove();
  });

  it('protect what prod must not lose', () => {
    for (const { args } of resourcesOf(plain.jsonOf('dofs-prod'), 'aws_dynamodb_table')) {
      expect(args).toMatchObject({
        deletion_protection_enabled: true,
        point_in_time_recovery: { enabled: true },
      });
    }
  });

  it.each(['API_KEY', 'AWS_IAM'])(
    'let nobody order without %s, but answer every preflight',
    (authorization) => {
      // Act
      const closed = synthesized({ DOFS_ENVIRONMENT: 'dev', DOFS_API_AUTHORIZATION: authorization });

      // Assess
      const open = resourcesOf(closed.jsonOf('dofs-dev'), 'aws_api_gateway_method')
        .filter(({ args }) => args['authorization'] === 'NONE' && args['api_key_required'] !== true)
        .map(({ args }) => args['http_method']);
      expect(open).toEqual(['OPTIONS', 'OPTIONS']);
      closed.remove();
    },
  );

  it('use a customer-managed key for everything at rest, and a VPC for every function', () => {
    // Prepare
    const key = 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000';

    // Act
    const closed = synthesized({
      DOFS_ENVIRONMENT: 'dev',
      DOFS_KMS_KEY_ARN: key,
      DOFS_VPC_SUBNET_IDS: 'subnet-1a, subnet-1b',
      DOFS_VPC_SECURITY_GROUP_IDS: 'sg-1',
    });

    // Assess
    const json = closed.jsonOf('dofs-dev');
    const encrypted = ['aws_dynamodb_table', 'aws_sqs_queue', 'aws_sns_topic', 'aws_cloudwatch_log_group'];
    for (const { address, args } of encrypted.flatMap((type) => resourcesOf(json, type))) {
      expect(JSON.stringify(args), address).toContain(key);
    }
    for (const { args } of resourcesOf(json, 'aws_lambda_function')) {
      expect(args).toMatchObject({
        kms_key_arn: key,
        vpc_config: { subnet_ids: ['subnet-1a', 'subnet-1b'], security_group_ids: ['sg-1'] },
      });
    }
    closed.remove();
  });

  it('have as many alarms as the cost sheet counts', () => {
    // Act
    const alarms = resourcesOf(plain.jsonOf('dofs-dev'), 'aws_cloudwatch_metric_alarm');

    // Assess
    expect(readFileSync(join(import.meta.dirname, '../../../docs/cost.md'), 'utf8')).toContain(
      `| ${alarms.length} alarms |`,
    );
  });

  it('hand the smoke test what lets it in, by what the step before exported', () => {
    // Act
    const keyed = synthesized({ DOFS_API_AUTHORIZATION: 'API_KEY' });
    const [nonprod] = resourcesOf(keyed.jsonOf('dofs-global'), 'aws_codepipeline');
    const output = keyed.jsonOf('dofs-dev')['output'];
    keyed.remove();

    // Assess
    const text = JSON.stringify(nonprod?.args['stage']).replaceAll('\\\\"', '"').replaceAll('\\"', '"');
    expect(text).toContain('"name":"API_URL","value":"#{DeployDev.API_URL}"');
    expect(text).toContain('"name":"API_AUTHORIZATION","value":"API_KEY"');
    expect(text).toContain('"name":"API_KEY_ID","value":"#{DeployStaging.API_KEY_ID}"');
    expect(output).toHaveProperty('api_key_id');
  });

  it('put each role under the boundary of its own pipeline', () => {
    for (const [environment, pipeline] of [
      ['dev', 'nonprod'],
      ['staging', 'nonprod'],
      ['prod', 'prod'],
    ]) {
      for (const { args } of resourcesOf(plain.jsonOf(`dofs-${environment}`), 'aws_iam_role')) {
        expect(args['permissions_boundary']).toMatch(new RegExp(`:policy/dofs/dofs-${pipeline}-boundary$`));
      }
    }
  });

  it('are made by one version of the provider, or by a range that is asked for', () => {
    // Act
    const ranged = synthesized({ DOFS_ENVIRONMENT: 'dev', DOFS_AWS_PROVIDER_VERSION: '>= 5.100.0, < 7.0.0' });

    // Assess
    const version = (stacks: typeof plain) =>
      (stacks.jsonOf('dofs-dev')['terraform'] as { required_providers: { aws: { version: string } } })
        .required_providers.aws.version;
    expect([version(plain), version(ranged)]).toEqual(['5.100.0', '>= 5.100.0, < 7.0.0']);
    ranged.remove();
  });

  it('hand the bootstrap’s bucket and table to the global stack', () => {
    expect(plain.jsonOf('dofs-global')['import']).toEqual([
      { id: 'a-bucket', to: 'aws_s3_bucket.state' },
      { id: 'dofs-terraform-locks', to: 'aws_dynamodb_table.state_locks' },
    ]);
  });
});
