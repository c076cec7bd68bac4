import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import type { Permission } from '../iam/policy.ts';

/** What pipelines and builds do with the bucket of the artifacts. @param further actions on the objects */
export function artifactPermissions(
  artifacts: S3Bucket,
  ...further: readonly string[]
): readonly Permission[] {
  return [
    {
      sid: 'Artifacts',
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', ...further],
      // Pipelines make up their artifacts' names.
      resources: [`${artifacts.arn}/*`],
    },
    {
      sid: 'FindArtifacts',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [artifacts.arn],
    },
  ];
}
