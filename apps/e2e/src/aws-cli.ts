import { execFile } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether the `aws` command is on this machine; suites that need it say so where it isn't. */
export const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

/**
 * Runs one `aws` command and reads its answer.
 * @param endpoint the AWS endpoint; empty: AWS itself
 */
export async function aws<T = unknown>(endpoint: string, ...args: readonly string[]): Promise<T> {
  const local = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  // Version 1 of the CLI knows AWS_DEFAULT_REGION only, and doesn't heed AWS_ENDPOINT_URL for SQS.
  const region = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' };
  const endpointArgument = endpoint === '' ? [] : ['--endpoint-url', endpoint];
  const { stdout } = await run('aws', [...args, ...endpointArgument, '--output', 'json'], {
    env: { ...process.env, ...region, AWS_PAGER: '', ...(endpoint === '' ? {} : local) },
    maxBuffer: 64 * 1024 * 1024,
  });
  return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as T;
}
