import { join } from 'node:path';
import { DeleteBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { Checks } from './checks.ts';
import { motoEnvironment } from './deployment.ts';
import { startMoto, type Moto } from './moto.ts';
import { runCommand } from './run-command.ts';

const REPOSITORY = join(import.meta.dirname, '../../../..');

/**
 * As much of dofs-global as moto knows. It knows no CodeStar connections, and refuses CodeBuild projects that get
 * their source from a pipeline, so pipelines, builds and what refers to them are left to `terraform test`. So are the
 * buckets' policies: moto denies everything where a policy denies what comes without TLS.
 */
const TARGETS = [
  'aws_s3_bucket.state',
  'aws_s3_bucket_versioning.state_versioning',
  'aws_s3_bucket_server_side_encryption_configuration.state_encryption',
  'aws_s3_bucket_public_access_block.state_access_block',
  'aws_s3_bucket_versioning.artifacts_versioning',
  'aws_s3_bucket_server_side_encryption_configuration.artifacts_encryption',
  'aws_s3_bucket_public_access_block.artifacts_access_block',
  'aws_dynamodb_table.state_locks',
  'aws_iam_policy.nonprod_boundary',
  'aws_iam_policy.prod_boundary',
  'aws_iam_role_policy.apigateway_logging_policy',
].map((address) => `-target=${address}`);

/** The bootstrap, twice, and then the global stack with its state in the very bucket that it adopts. */
export async function proveGlobal(checks: Checks, workDir: string): Promise<void> {
  const moto = await startMoto();
  try {
    await proveAgainst(moto, checks, workDir);
  } finally {
    await moto.close();
  }
}

async function proveAgainst(moto: Moto, checks: Checks, workDir: string): Promise<void> {
  const env = { ...motoEnvironment(moto), DOFS_STATE_NOTE: join(workDir, 'state-backend.json') };
  const node = (script: string, variables: Readonly<Record<string, string>>) =>
    runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      cwd: REPOSITORY,
      env: { ...env, ...variables },
    });
  const bootstrap = () => node('apps/infra/src/bootstrap/main.ts', {});
  const isMade = await checks.check(
    'bootstrap makes bucket and lock table, and can be repeated',
    async () => {
      const first = await bootstrap();
      const second = await bootstrap();
      expectMatches(first.output, [/bucket dofs-terraform-state-\d{12}-us-east-1: made/, /locks: made/]);
      expectMatches(second.output, [/bucket .*: was there/, /locks: was there/]);
    },
  );
  if (!isMade) {
    return;
  }
  await checks.check('dofs-global adopts them, its state in that bucket (as far as moto knows)', async () => {
    const outdir = join(workDir, 'global.out');
    await withoutBucketPolicy(moto);
    await node('apps/infra/src/main.ts', { CDKTF_OUTDIR: outdir });
    const options = { cwd: join(outdir, 'stacks/dofs-global'), env };
    await runCommand('terraform', ['init', '-input=false'], options);
    const apply = ['apply', '-input=false', '-auto-approve', '-no-color', ...TARGETS];
    const { output } = await runCommand('terraform', apply, options);
    expectMatches(output, [/Apply complete! Resources: 2 imported, \d+ added/]);
    const plan = ['plan', '-input=false', '-no-color', '-detailed-exitcode', ...TARGETS];
    await runCommand('terraform', plan, options);
  });
}

/** The bootstrap's TLS-only policy, which moto takes for a denial of everything. */
async function withoutBucketPolicy(moto: Moto): Promise<void> {
  const s3 = new S3Client({
    endpoint: moto.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: 'dofs-terraform-state-123456789012-us-east-1' }));
}

function expectMatches(text: string, patterns: readonly RegExp[]): void {
  for (const pattern of patterns) {
    if (!pattern.test(text)) {
      throw new Error(`expected ${String(pattern)} in:\n${text}`);
    }
  }
}
