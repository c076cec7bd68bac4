/**
 * Makes what Terraform needs before its first run: the bucket and the lock table of its state. Can be repeated.
 *
 *     npm run bootstrap
 */
import { relative } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { PROJECT } from '../config/project.ts';
import { projectSettings } from '../config/read-settings.ts';
import { rememberStateBucket } from '../config/state-backend.ts';
import { SettingsError } from '../config/settings-error.ts';
import { lockTableName, stateBucketName } from '../names.ts';
import { makeStateStore } from './make-state-store.ts';

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

try {
  await bootstrap();
} catch (error) {
  const { name, message } = error as Error;
  process.stderr.write(
    error instanceof SettingsError
      ? `${message}\n`
      : `bootstrap failed: ${name}: ${message}; check AWS_PROFILE or AWS_ENDPOINT_URL, then run it again\n`,
  );
  process.exitCode = 1;
}

async function bootstrap(): Promise<void> {
  const { projectName, region } = projectSettings(PROJECT, process.env);
  const { Account: accountId, Arn: arn } = await new STSClient({ region }).send(
    new GetCallerIdentityCommand({}),
  );
  if (accountId === undefined || arn === undefined) {
    throw new Error('AWS did not say which account this is');
  }
  say(`account ${accountId}, region ${region}`);
  const bucket = stateBucketName(projectName, accountId, region);
  const [, partition = 'aws'] = arn.split(':');
  const names = { bucket, lockTable: lockTableName(projectName), region, partition };
  await makeStateStore(new S3Client({ region }), new DynamoDBClient({ region }), names, say);
  const note = rememberStateBucket({ projectName, region, bucket });
  say(`noted in ${relative(process.cwd(), note)}; elsewhere set DOFS_STATE_BUCKET=${bucket}`);
  say(`next: npx cdktf deploy ${projectName}-global`);
}
