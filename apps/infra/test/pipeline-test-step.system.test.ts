import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODEBUILD, createSandbox, NONPROD_SPEC, PROD_SPEC, type Sandbox } from './pipeline-sandbox.ts';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
  sandbox.answer('terraform', 'version', 'Terraform v1.11.4');
});
afterEach(() => {
  sandbox.remove();
});

describe('the test step of the pipelines', () => {
  it('test what a commit affects since it left main', () => {
    // Prepare
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: sandbox.folder,
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet', '--initial-branch=main');
    git('commit', '--quiet', '--allow-empty', '--message=one');
    const base = git('rev-parse', 'HEAD');
    git('update-ref', 'refs/remotes/origin/main', base);
    git('commit', '--quiet', '--allow-empty', '--message=two');

    // Act
    const { status, calls } = sandbox.run(NONPROD_SPEC, { ...CODEBUILD, PIPELINE_STEP: 'test' });

    // Assess
    expect(status).toBe(0);
    expect(calls.at(-1)).toBe(`npx nx affected -t test,system-test --base=${base} --head=HEAD`);
  });

  it('test everything where there is no history', () => {
    expect(sandbox.run(PROD_SPEC, { ...CODEBUILD, PIPELINE_STEP: 'test' }).calls.at(-1)).toBe(
      'npx nx run-many -t test,system-test',
    );
  });

  it('test everything on main, and on a branch that has nothing in common with it', () => {
    // Prepare
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: sandbox.folder });
    const lastCall = () => sandbox.run(PROD_SPEC, { ...CODEBUILD, PIPELINE_STEP: 'test' }).calls.at(-1);
    git('init', '--quiet', '--initial-branch=main');
    git('commit', '--quiet', '--allow-empty', '--message=one');
    git('commit', '--quiet', '--allow-empty', '--message=two');

    // Act
    const withoutOrigin = lastCall();
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const onMain = lastCall();
    git('checkout', '--quiet', '--orphan', 'another');
    git('commit', '--quiet', '--allow-empty', '--message=alone');
    const unrelated = lastCall();

    // Assess
    expect([withoutOrigin, onMain, unrelated]).toEqual(Array(3).fill('npx nx run-many -t test,system-test'));
  });
});
