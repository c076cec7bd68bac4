/**
 * Proves the stacks with the real Terraform, the real AWS provider and an AWS API that isn't ours (moto).
 *
 *     npm run prove:terraform
 *
 * Prints `N passed, N failed`; exit status 1 if anything failed. Without terraform or moto_server on PATH it says
 * what it skips; DOFS_REQUIRE_TERRAFORM=1 makes that a failure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup as buildBundles } from '../build-bundles.ts';
import { createChecks } from './checks.ts';
import { proveDeployment } from './deployment.ts';
import { proveGlobal } from './global.ts';
import { isInstalled } from './run-command.ts';
import { proveTerraform } from './terraform.ts';

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

const checks = createChecks(say);
const workDir = mkdtempSync(join(tmpdir(), 'prove-terraform-'));
const missing = ['terraform', 'moto_server', 'python3'].filter((program) => !isInstalled(program));
try {
  buildBundles();
  if (!missing.includes('terraform')) {
    await proveTerraform(checks, workDir);
  }
  if (missing.length === 0) {
    await proveDeployment(checks, workDir);
    await proveGlobal(checks, workDir);
  }
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
if (missing.length > 0) {
  say(`SKIPPED: ${missing.join(', ')} not on PATH; the proofs that need it did not run`);
  if (process.env['DOFS_REQUIRE_TERRAFORM'] === '1') {
    await checks.check('the programs that the proofs need', () => {
      throw new Error(`${missing.join(', ')} not on PATH`);
    });
  }
}
say(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed === 0 ? 0 : 1;
