import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import type { GlobalContext } from '../../stacks/context.ts';
import type { GlobalStackOptions } from '../../stacks/global-stack.ts';
import { privateBucket } from '../state-backend/private-bucket.ts';
import type { StateStore } from '../state-backend/state-backend.ts';
import { createBuild, type BuildOptions } from './builds.ts';
import { callPermissions } from './call-permissions.ts';
import { deployPermissions, planPermissions, resourcePermissions } from './deploy-permissions.ts';
import { keyPermissions, keyReadPermissions } from './key-permissions.ts';
import { createPipeline } from './pipeline.ts';
import { NONPROD, PROD, type BuildKind, type PipelineDefinition } from './pipeline-stages.ts';
import { createSource, type Source } from './source.ts';

/** Both pipelines with all that they need. */
export function createCicd(
  context: GlobalContext,
  state: StateStore,
  environments: GlobalStackOptions['environments'],
): void {
  const artifacts = artifactBucket(context);
  const source = createSource(context);
  for (const definition of [NONPROD, PROD]) {
    createPipelineWithBuilds(context, definition, { state, artifacts, source, environments });
  }
}

interface Shared {
  readonly state: StateStore;
  readonly artifacts: S3Bucket;
  readonly source: Source;
  readonly environments: GlobalStackOptions['environments'];
}

function createPipelineWithBuilds(
  context: GlobalContext,
  definition: PipelineDefinition,
  { state, artifacts, source, environments }: Shared,
): void {
  const { buildspec, id } = definition;
  const rights = rightsOf(context, definition, state, environments);
  const kinds = new Set(definition.stages.flatMap((stage) => (stage.kind === 'build' ? [stage.build] : [])));
  const builds = new Map(
    [...kinds].map((kind) => {
      const { permissions, ...others } = rights[kind];
      const build = createBuild(context, {
        id: `${id}_${kind}`,
        ...others,
        buildspec,
        artifacts,
        stateBucketName: state.bucket.bucket,
        permissions: [...source.permissions, ...permissions],
      });
      return [kind, build] as const;
    }),
  );
  createPipeline(context, definition, { source, artifacts, builds, environments });
}

type Rights = Pick<BuildOptions, 'description' | 'permissions' | 'resourcePermissions'>;

/** What each kind of build may do, beside getting the source. */
function rightsOf(
  context: GlobalContext,
  definition: PipelineDefinition,
  state: StateStore,
  environments: GlobalStackOptions['environments'],
): Readonly<Record<BuildKind, Rights>> {
  const names = definition.environments.join(', ');
  const keyArns = definition.environments
    .map((name) => environments[name].kmsKeyArn)
    .filter((arn, index, all) => arn !== '' && all.indexOf(arn) === index);
  return {
    test: {
      description: `Tests a commit and ${names} after the deployment; may deploy nothing`,
      permissions: callPermissions(context, definition.environments, environments),
    },
    plan: {
      description: `Plans the deployment of ${names}; may only read what is deployed`,
      permissions: [...planPermissions(context, definition, state), ...keyReadPermissions(keyArns)],
    },
    deploy: {
      description: `Deploys ${names}`,
      permissions: [...deployPermissions(context, definition, state), ...keyPermissions(keyArns)],
      resourcePermissions: resourcePermissions(context, definition),
    },
  };
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
