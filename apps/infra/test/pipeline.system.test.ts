import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NONPROD, PROD } from '../src/modules/cicd/pipeline-stages.ts';
import {
  CODEBUILD,
  createSandbox,
  NONPROD_SPEC,
  PROD_SPEC,
  readBuildspec,
  REPOSITORY,
  type Sandbox,
  withoutInstall,
} from './pipeline-sandbox.ts';

const URL = 'https://abc.execute-api.eu-west-1.amazonaws.com/dev';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
  sandbox.answer('terraform', 'version', 'Terraform v1.11.4');
});
afterEach(() => {
  sandbox.remove();
});

describe('the pipelines', () => {
  it('have a script for each of their steps', () => {
    const steps = [NONPROD, PROD].flatMap(({ stages }) =>
      stages.flatMap((stage) => (stage.kind === 'build' ? [stage.step] : [])),
    );
    for (const step of new Set(steps)) {
      accessSync(join(REPOSITORY, `pipeline/${step}.sh`), constants.X_OK);
    }
  });

  it('install what is pinned and build the bundles before every step', () => {
    // Act
    const { calls } = sandbox.run(NONPROD_SPEC, {
      ...CODEBUILD,
      PIPELINE_STEP: 'smoke',
      API_URL: URL,
      TARGET_ENVIRONMENT: 'dev',
    });

    // Assess
    expect(calls.slice(0, 3)).toEqual(['terraform version', 'npm ci', 'npm run build']);
  });

  it('deploy an environment and hand on its URL', () => {
    // Prepare
    withoutInstall(sandbox);
    sandbox.answer('terraform', 'api_gateway_url', URL);

    // Act
    const { status, calls, exported } = sandbox.run(NONPROD_SPEC, {
      ...CODEBUILD,
      PIPELINE_STEP: 'deploy',
      TARGET_ENVIRONMENT: 'dev',
    });

    // Assess
    expect(status).toBe(0);
    expect(calls).toContain('npx cdktf deploy acme-dev --auto-approve --outputs-file outputs-dev.json');
    expect(calls).toContain('terraform -chdir=cdktf.out/stacks/acme-dev output -raw api_gateway_url');
    expect(exported).toEqual({ API_URL: URL, API_KEY_ID: '' });
  });

  it('hand on the id of the API key where there is one, never the key', () => {
    // Prepare
    withoutInstall(sandbox);
    sandbox.answer('terraform', 'api_key_id', 'key-id');

    // Act
    const { exported } = sandbox.run(NONPROD_SPEC, {
      ...CODEBUILD,
      PIPELINE_STEP: 'deploy',
      TARGET_ENVIRONMENT: 'dev',
    });

    // Assess
    expect(exported['API_KEY_ID']).toBe('key-id');
  });

  it('deploy the project of project.ts where no variable names another', () => {
    // Prepare
    withoutInstall(sandbox);
    mkdirSync(join(sandbox.folder, 'apps/infra/src/config'), { recursive: true });
    writeFileSync(
      join(sandbox.folder, 'apps/infra/src/config/project.ts'),
      "export const PROJECT = { projectName: 'shop' } as const;",
    );
    const deploy = { PIPELINE_STEP: 'deploy', TARGET_ENVIRONMENT: 'dev' };

    // Act
    const own = sandbox.run(NONPROD_SPEC, deploy);
    const overridden = sandbox.run(NONPROD_SPEC, { ...deploy, DOFS_PROJECT_NAME: 'acme' });

    // Assess
    expect(own.calls.join()).toContain('npx cdktf deploy shop-dev');
    expect(overridden.calls.join()).toContain('npx cdktf deploy acme-dev');
  });

  describe('let the smoke test in', () => {
    const smoke = { ...CODEBUILD, PIPELINE_STEP: 'smoke', TARGET_ENVIRONMENT: 'dev', API_URL: URL };

    it('with the key that the id names', () => {
      // Prepare
      sandbox.answer('aws', 'get-api-key --api-key key-id --include-value', 'the-key');
      sandbox.answer('npx', 'smoke', '$DOFS_API_KEY');

      // Act
      const { status, calls } = sandbox.run(NONPROD_SPEC, {
        ...smoke,
        API_AUTHORIZATION: 'API_KEY',
        API_KEY_ID: 'key-id',
      });

      // Assess
      expect(status).toBe(0);
      expect(calls.at(-2)).toContain('aws apigateway get-api-key');
      expect(calls.join()).not.toContain('the-key');
    });

    it('with a signature', () => {
      expect(sandbox.run(NONPROD_SPEC, { ...smoke, API_AUTHORIZATION: 'AWS_IAM' }).calls.at(-1)).toBe(
        `npx dofs test smoke --env dev --api-url ${URL} --sign`,
      );
    });

    it('not at all where nobody knows how', () => {
      // Act
      const noKey = sandbox.run(NONPROD_SPEC, { ...smoke, API_AUTHORIZATION: 'API_KEY' });
      const unknown = sandbox.run(NONPROD_SPEC, { ...smoke, API_AUTHORIZATION: 'MAGIC' });

      // Assess
      expect(noKey.output).toContain('API_KEY_ID is not set');
      expect(unknown.output).toContain('must be NONE, API_KEY or AWS_IAM');
      expect([noKey.status, unknown.status]).toEqual([1, 1]);
    });
  });

  it('smoke-test the URL that the deployment handed on', () => {
    // Act
    const { status, calls } = sandbox.run(NONPROD_SPEC, {
      ...CODEBUILD,
      PIPELINE_STEP: 'smoke',
      TARGET_ENVIRONMENT: 'staging',
      API_URL: URL,
    });

    // Assess
    expect(status).toBe(0);
    expect(calls.at(-1)).toBe(`npx dofs test smoke --env staging --api-url ${URL}`);
  });

  it('fail where the smoke test fails, and where there is no URL', () => {
    // Prepare
    const smoke = { ...CODEBUILD, PIPELINE_STEP: 'smoke', TARGET_ENVIRONMENT: 'dev' };
    const noUrl = sandbox.run(NONPROD_SPEC, smoke);
    sandbox.answer('npx', 'smoke', 'refused', 1);

    // Act
    const refused = sandbox.run(NONPROD_SPEC, { ...smoke, API_URL: URL });

    // Assess
    expect(noUrl.status).not.toBe(0);
    expect(noUrl.output).toContain('API_URL is not set');
    expect(refused.status).toBe(1);
  });

  it.each([NONPROD_SPEC, PROD_SPEC])('may fetch from a private repository (%s)', (spec) => {
    expect(readBuildspec(spec).env['git-credential-helper']).toBe('yes');
  });

  it('run on the Node that package.json pins, and on no other program in its place', () => {
    // Prepare
    const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const smoke = { ...CODEBUILD, PIPELINE_STEP: 'smoke', TARGET_ENVIRONMENT: 'dev', API_URL: URL };

    // Act
    const right = sandbox.run(NONPROD_SPEC, smoke);
    rmSync(join(sandbox.folder, 'node_modules/node'));
    mkdirSync(join(sandbox.folder, 'node_modules/node/bin'), { recursive: true });
    writeFileSync(join(sandbox.folder, 'node_modules/node/bin/node'), 'another program');
    const wrong = sandbox.run(NONPROD_SPEC, smoke);

    // Assess: on other machines than the build image's kind there is nothing to compare with
    const isBuildImage = process.platform === 'linux' && process.arch === 'x64';
    expect(right.status).toBe(0);
    expect(wrong.status).toBe(isBuildImage ? 1 : 0);
    expect(readFileSync(join(REPOSITORY, 'pipeline/check-node.sh'), 'utf8')).toContain(
      `node_version=${devDependencies['node']}\n`,
    );
  });

  it('plan prod, keep the plan and tell the approver its summary', () => {
    // Prepare
    mkdirSync(join(sandbox.folder, 'cdktf.out/stacks/acme-prod'), { recursive: true });
    withoutInstall(sandbox);
    sandbox.answer(
      'terraform',
      'show',
      '{"resource_changes":[{"address":"aws_sqs_queue.old","change":{"actions":["delete"]}}]}',
    );

    // Act
    const { status, calls, exported } = sandbox.run(PROD_SPEC, {
      ...CODEBUILD,
      PIPELINE_STEP: 'plan',
      TARGET_ENVIRONMENT: 'prod',
    });

    // Assess
    expect(status).toBe(0);
    expect(calls.slice(-4)).toEqual([
      'npx cdktf synth',
      'terraform -chdir=cdktf.out/stacks/acme-prod init -input=false',
      'terraform -chdir=cdktf.out/stacks/acme-prod plan -input=false -out=plan.tfplan',
      'terraform -chdir=cdktf.out/stacks/acme-prod show -json plan.tfplan',
    ]);
    expect(exported['PLAN_SUMMARY']).toBe(
      '0 to make, 0 to change, 0 to replace, 1 to destroy. DESTROY aws_sqs_queue.old',
    );
  });

  describe('apply', () => {
    const apply = { ...CODEBUILD, PIPELINE_STEP: 'apply', TARGET_ENVIRONMENT: 'prod' };
    const approved = () => {
      const artifact = join(sandbox.folder, 'artifact');
      mkdirSync(join(artifact, 'cdktf.out/stacks/acme-prod'), { recursive: true });
      writeFileSync(join(artifact, 'cdktf.out/stacks/acme-prod/plan.tfplan'), 'the plan');
      withoutInstall(sandbox);
      return { ...apply, CODEBUILD_SRC_DIR_plan: artifact };
    };

    it('the very plan that was approved', () => {
      // Prepare
      const variables = approved();
      sandbox.answer('terraform', 'api_gateway_url', URL);

      // Act
      const { status, calls, exported } = sandbox.run(PROD_SPEC, variables);

      // Assess
      expect(status).toBe(0);
      expect(calls).toContain('terraform -chdir=cdktf.out/stacks/acme-prod apply -input=false plan.tfplan');
      expect(calls.join()).not.toContain('cdktf ');
      expect(exported['API_URL']).toBe(URL);
    });

    it('nothing where the plan went stale, and say so', () => {
      // Prepare
      const variables = approved();
      sandbox.answer('terraform', 'apply', 'Error: Saved plan is stale', 1);

      // Act
      const { status, output, exported } = sandbox.run(PROD_SPEC, variables);

      // Assess
      expect(status).toBe(1);
      expect(output).toContain('the approved plan went stale');
      expect(exported['API_URL']).toBe('');
    });

    it('nothing where there is no plan', () => {
      // Act
      const { status, output } = sandbox.run(PROD_SPEC, apply);

      // Assess
      expect(status).toBe(1);
      expect(output).toContain('there is no plan in cdktf.out/stacks/acme-prod');
    });
  });

  it('install no Terraform whose checksum is another', () => {
    // Prepare
    sandbox.answer('terraform', 'version', 'Terraform v0.1');
    const mirror = join(sandbox.folder, 'mirror/1.11.4');
    mkdirSync(mirror, { recursive: true });
    writeFileSync(join(mirror, 'terraform_1.11.4_linux_amd64.zip'), 'another program');

    // Act
    const { status, output, calls } = sandbox.run(NONPROD_SPEC, {
      ...CODEBUILD,
      PIPELINE_STEP: 'test',
      TERRAFORM_MIRROR: `file://${join(sandbox.folder, 'mirror')}`,
    });

    // Assess
    expect(status).toBe(1);
    expect(output).toContain("the download's checksum is wrong");
    expect(calls).toEqual(['terraform version']);
  });
});
