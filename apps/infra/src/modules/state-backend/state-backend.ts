import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { lockTableName, stateBucketName } from '../../names.ts';
import type { StateBackend } from '../../stacks/backend.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import { privateBucket } from './private-bucket.ts';

export interface StateStore {
  readonly bucket: S3Bucket;
  readonly lockTable: DynamodbTable;
}

/** Old versions of a state are the way back after a mishap; nobody goes back further. */
const OLD_VERSIONS_DAYS = 90;

/**
 * The bucket and the table in which Terraform keeps its state. `npm run bootstrap` makes them before there is any
 * state; this stack then adopts them, so that they are described like everything else.
 */
export function createStateStore(context: GlobalContext, backend: StateBackend): StateStore {
  const { stack, project, account } = context;
  const name = stateBucketName(project.projectName, account.id, project.region);
  const bucket = privateBucket(stack, 'state', backend.kind === 's3' ? (backend.bucket ?? name) : name);
  new S3BucketLifecycleConfiguration(stack, 'state_lifecycle', {
    bucket: bucket.id,
    rule: [
      {
        id: 'forget-old-versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: OLD_VERSIONS_DAYS }],
      },
    ],
  });
  const lockTable = new DynamodbTable(stack, 'state_locks', {
    name: lockTableName(project.projectName),
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'LockID',
    attribute: [{ name: 'LockID', type: 'S' }],
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
  });
  if (backend.kind === 's3' && backend.bucket !== undefined) {
    bucket.importFrom(backend.bucket);
    lockTable.importFrom(lockTableName(project.projectName));
  }
  return { bucket, lockTable };
}
