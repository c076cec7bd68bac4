import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_PLACEHOLDER } from '../../src/config/environment-config.ts';
import { synthesized } from '../synthesized.ts';
import type { Checks } from './checks.ts';
import { runCommand } from './run-command.ts';

const TESTS = join(import.meta.dirname, '../terraform');

/** `terraform validate` and `terraform test` (mock_provider) for all four stacks. */
export async function proveTerraform(checks: Checks, workDir: string): Promise<void> {
  const stacks = synthesized({ DOFS_ALERT_EMAIL: 'team@example.com', DOFS_STATE_BUCKET: 'a-bucket' });
  for (const stack of stacks.stacks) {
    const cwd = stacks.folderOf(stack);
    // One plug-in folder for all: the provider is 700 MB.
    const env = { TF_DATA_DIR: join(workDir, `data-${stack}`) };
    const isReady = await checks.check(`${stack}: terraform validate`, async () => {
      await runCommand('terraform', ['init', '-backend=false', '-input=false'], { cwd, env });
      await runCommand('terraform', ['validate'], { cwd, env });
    });
    if (isReady) {
      const test = stack.endsWith('-global') ? 'global' : 'environment';
      await checks.check(`${stack}: terraform test`, () => terraformTest(cwd, env, test));
    }
  }
  stacks.remove();
  await provePlaceholder(checks, workDir);
  await proveEveryOption(checks, workDir);
}

async function terraformTest(
  cwd: string,
  env: Readonly<Record<string, string>>,
  test: string,
): Promise<void> {
  mkdirSync(join(cwd, 'tests'));
  copyFileSync(join(TESTS, `${test}.tftest.hcl`), join(cwd, `tests/${test}.tftest.hcl`));
  const { output } = await runCommand('terraform', ['test', '-no-color'], { cwd, env });
  if (!/Success! [1-9]\d* passed, 0 failed/.test(output)) {
    throw new Error(`no test ran:\n${output}`);
  }
}

async function provePlaceholder(checks: Checks, workDir: string): Promise<void> {
  const stacks = synthesized({ DOFS_GITHUB_REPOSITORY: REPOSITORY_PLACEHOLDER });
  const cwd = stacks.folderOf('dofs-global');
  const env = { TF_DATA_DIR: join(workDir, 'data-dofs-global') };
  await checks.check('dofs-global of a fresh clone: terraform refuses the pipelines', async () => {
    await runCommand('terraform', ['init', '-backend=false', '-input=false'], { cwd, env });
    await terraformTest(cwd, env, 'placeholder');
  });
  stacks.remove();
}

/** The settings that are off by default, all on at once. */
const EVERY_OPTION = {
  DOFS_WORKFLOW_TYPE: 'EXPRESS',
  DOFS_API_AUTHORIZATION: 'API_KEY',
  DOFS_KMS_KEY_ARN: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000',
  DOFS_VPC_SUBNET_IDS: 'subnet-1a,subnet-1b',
  DOFS_VPC_SECURITY_GROUP_IDS: 'sg-1',
  DOFS_ALERT_EMAIL: 'team@example.com',
  DOFS_DELETION_PROTECTION: 'true',
  DOFS_GITHUB_AUTHENTICATION: 'token',
  DOFS_PUSHES_START_PIPELINES: 'true',
};

async function proveEveryOption(checks: Checks, workDir: string): Promise<void> {
  const stacks = synthesized(EVERY_OPTION);
  for (const stack of ['dofs-dev', 'dofs-global']) {
    const cwd = stacks.folderOf(stack);
    const env = { TF_DATA_DIR: join(workDir, `data-${stack}`) };
    await checks.check(`${stack} with every option on: terraform validate`, async () => {
      await runCommand('terraform', ['init', '-backend=false', '-input=false'], { cwd, env });
      await runCommand('terraform', ['validate'], { cwd, env });
    });
  }
  stacks.remove();
}
