import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import type { GlobalContext } from '../../stacks/context.ts';
import type { GlobalStackOptions } from '../../stacks/global-stack.ts';
import { privateBucket } from '../state-backend/private-bucket.ts';
import type { StateStore } from '../state-backend/state-backend.ts';
import { createBuild } from './builds.ts';
import { deployPermissions, keyPermissions } from './deploy-permissions.ts';
import { createPipeline } from './pipeline.ts';
import { NONPROD, PROD, type PipelineDefinition } from './pipeline-stages.ts';
import { createSource, type Source } from './source.ts';

/** Both pipelines with all that they need. */
export function createCicd(
  context: GlobalContext,
  state: StateStore,
  kmsKeys: GlobalStackOptions['kmsKeys'],
): void {
  const artifacts = artifactBucket(context);
  const source = createSource(context);
  for (const definition of [NONPROD, PROD]) {
    createPipelineWithBuilds(context, definition, { state, artifacts, source, kmsKeys });
  }
}

interface Shared {
  readonly state: StateStore;
  readonly artifacts: S3Bucket;
  readonly source: Source;
  readonly kmsKeys: GlobalStackOptions['kmsKeys'];
}

function createPipelineWithBuilds(
  context: GlobalContext,
  definition: PipelineDefinition,
  { state, artifacts, source, kmsKeys }: Shared,
): void {
  const common = { buildspec: definition.buildspec, artifacts, stateBucketName: state.bucket.bucket };
  const test = createBuild(context, {
    ...common,
    id: `${definition.id}_test`,
    description: 'Tests a commit and the environment that it was deployed to; may deploy nothing',
    permissions: source.permissions,
  });
  const deploy = createBuild(context, {
    ...common,
    id: `${definition.id}_deploy`,
    description: `Deploys ${definition.environments.join(', ')}`,
    permissions: [
      ...source.permissions,
      ...deployPermissions(context, definition.environments, state),
      ...keyPermissions(definition.environments.flatMap((environment) => kmsKeys[environment] ?? [])),
    ],
  });
  createPipeline(context, definition, { source, artifacts, builds: { test, deploy } });
}

function artifactBucket(context: GlobalContext): S3Bucket {
  const { stack, project, account } = context;
  const bucket = privateBucket(
    stack,
    'artifacts',
    `${project.projectName}-pipeline-artifacts-${account.id}-${project.region}`,
  );
  const days = project.pipelineRetentionDays;
  new S3BucketLifecycleConfiguration(stack, 'artifacts_lifecycle', {
    bucket: bucket.id,
    rule: [
      {
        id: 'forget-old-artifacts',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        expiration: [{ days }],
        noncurrentVersionExpiration: [{ noncurrentDays: days }],
      },
    ],
  });
  return bucket;
}
