import {
  CreateTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  HeadBucketCommand,
  NotFound,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
  type S3Client,
} from '@aws-sdk/client-s3';
import { tlsOnlyPolicy } from '../modules/state-backend/tls-only-policy.ts';

export interface StateStoreNames {
  readonly bucket: string;
  readonly lockTable: string;
  readonly region: string;
  readonly partition: string;
}

const TABLE_WAIT_SECONDS = 120;

/**
 * Makes the state bucket (versioned, encrypted, closed to the public, TLS only) and the lock table, or finds them
 * made. Every step can be repeated, so a run that broke off is simply run again.
 * @param say takes a line for each thing done
 * @throws the SDK's service errors
 */
export async function makeStateStore(
  s3: S3Client,
  dynamodb: DynamoDBClient,
  names: StateStoreNames,
  say: (line: string) => void,
): Promise<void> {
  const isNew = await makeBucket(s3, names);
  say(`bucket ${names.bucket}: ${isNew ? 'made' : 'was there'}`);
  await protectBucket(s3, names);
  say(`bucket ${names.bucket}: versioned, encrypted, closed to the public, TLS only`);
  const isNewTable = await makeLockTable(dynamodb, names.lockTable);
  say(`table ${names.lockTable}: ${isNewTable ? 'made' : 'was there'}`);
}

async function makeBucket(s3: S3Client, { bucket, region }: StateStoreNames): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return false;
  } catch (error) {
    if (!(error instanceof NotFound)) {
      throw error;
    }
  }
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        // S3 takes every region but this one as a location.
        ...(region === 'us-east-1'
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof BucketAlreadyOwnedByYou) {
      return false; // A twin of this run was faster.
    }
    throw error;
  }
}

async function protectBucket(s3: S3Client, { bucket, partition }: StateStoreNames): Promise<void> {
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
      },
    }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  const arn = `arn:${partition}:s3:::${bucket}`;
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: tlsOnlyPolicy(arn) }));
}

async function makeLockTable(dynamodb: DynamoDBClient, table: string): Promise<boolean> {
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
        SSESpecification: { Enabled: true },
      }),
    );
  } catch (error) {
    if (error instanceof ResourceInUseException) {
      return false;
    }
    throw error;
  }
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: TABLE_WAIT_SECONDS }, { TableName: table });
  return true;
}
