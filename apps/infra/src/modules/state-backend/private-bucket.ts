import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import type { TerraformStack } from 'cdktf';
import { tlsOnlyPolicy } from './tls-only-policy.ts';

/** A bucket that nobody outside can read: versioned, encrypted, no public access, TLS only. */
export function privateBucket(stack: TerraformStack, id: string, name: string): S3Bucket {
  const bucket = new S3Bucket(stack, id, { bucket: name });
  new S3BucketVersioningA(stack, `${id}_versioning`, {
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  });
  new S3BucketServerSideEncryptionConfigurationA(stack, `${id}_encryption`, {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true }],
  });
  const accessBlock = new S3BucketPublicAccessBlock(stack, `${id}_access_block`, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketPolicy(stack, `${id}_tls_only`, {
    bucket: bucket.id,
    policy: tlsOnlyPolicy(bucket.arn),
    // Both change who may do what: S3 refuses to take them at once.
    dependsOn: [accessBlock],
  });
  return bucket;
}
