import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployedOutputs, readOutputs } from './terraform-outputs.ts';

const URL = 'https://abc.execute-api.eu-west-1.amazonaws.com/dev';
const STATE = 'dofs-dev.tfstate';
const hasTerraform = spawnSync('terraform', ['version']).error === undefined;
if (!hasTerraform) {
  console.warn('SKIPPED: reading the outputs of a deployed stack needs Terraform, and there is none on PATH');
}

describe('Terraform outputs', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dofs-outputs-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function terraform(...args: string[]): void {
    const cwd = join(root, 'cdktf.out/stacks/dofs-dev');
    const { status, stderr } = spawnSync('terraform', args, { cwd, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  }

  function stackWithOutputs(output: object): void {
    const folder = join(root, 'cdktf.out/stacks/dofs-dev');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'cdk.tf.json'),
      JSON.stringify({ terraform: { backend: { local: { path: STATE } } }, output }),
    );
    terraform('init', '-input=false');
  }

  it.skipIf(!hasTerraform)('are those of the deployed stack', { timeout: 60_000 }, async () => {
    // Prepare
    stackWithOutputs({
      api_gateway_url: { value: URL },
      environment_info: { value: { region: 'eu-west-1' } },
    });
    const before = await deployedOutputs(root, 'dofs-dev', process.env);
    terraform('apply', '-auto-approve', '-input=false');

    // Act
    const outputs = await deployedOutputs(root, 'dofs-dev', process.env);

    // Assess
    expect(before).toBeUndefined();
    expect(outputs).toEqual({ api_gateway_url: URL, environment_info: { region: 'eu-west-1' } });
  });

  it.skipIf(!hasTerraform)('say in one line why Terraform fails', { timeout: 60_000 }, async () => {
    // Prepare
    stackWithOutputs({ api_gateway_url: { value: URL } });
    writeFileSync(join(root, 'cdktf.out/stacks/dofs-dev', STATE), 'no state');

    // Act
    const outputs = deployedOutputs(root, 'dofs-dev', process.env);

    // Assess
    await expect(outputs).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/^terraform output of dofs-dev failed: [^\n]+$/) as string,
    });
  });

  it('are none where nothing was deployed from here', async () => {
    expect(await deployedOutputs(root, 'dofs-dev', process.env)).toBeUndefined();
  });

  it.each([
    ['cdktf deploy', { 'dofs-dev': { api_gateway_url: URL } }],
    ['terraform output', { api_gateway_url: { value: URL, sensitive: false } }],
    ['a state file', { version: 4, outputs: { api_gateway_url: { value: URL } } }],
  ])('are read from a file of %s', (_origin, content) => {
    // Prepare
    const file = join(root, 'outputs.json');
    writeFileSync(file, JSON.stringify(content));

    // Act
    const outputs = readOutputs(file, 'dofs-dev');

    // Assess
    expect(outputs).toEqual({ api_gateway_url: URL });
  });
});
