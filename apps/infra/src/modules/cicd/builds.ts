import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import type { GlobalContext } from '../../stacks/context.ts';
import type { Permission } from '../iam/policy.ts';
import { artifactPermissions } from './artifact-permissions.ts';
import { attachPolicy, pipelineRole } from './pipeline-role.ts';

export interface BuildOptions {
  /** `nonprod_test` */
  readonly id: string;
  readonly description: string;
  /** `buildspec-nonprod.yml` */
  readonly buildspec: string;
  readonly artifacts: S3Bucket;
  readonly stateBucketName: string;
  readonly permissions: readonly Permission[];
  /** More of them, in a policy of their own. */
  readonly resourcePermissions?: readonly Permission[];
}

/** Node and Terraform are pinned in the repository itself; this image brings the rest. */
const IMAGE = 'aws/codebuild/standard:7.0';
const TIMEOUT_MINUTES = 60;

/** A CodeBuild project that a pipeline runs, one step at a time. */
export function createBuild(context: GlobalContext, options: BuildOptions): CodebuildProject {
  const { stack, project } = context;
  const name = `${project.projectName}-${options.id.replaceAll('_', '-')}`;
  const logs = new CloudwatchLogGroup(stack, `${options.id}_logs`, {
    name: `/aws/codebuild/${name}`,
    retentionInDays: project.pipelineRetentionDays,
  });
  const role = pipelineRole(context, options.id, 'codebuild.amazonaws.com', [
    {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      // The streams of this one group.
      resources: [`${logs.arn}:*`],
    },
    ...artifactPermissions(options.artifacts),
    ...options.permissions,
  ]);
  if (options.resourcePermissions !== undefined) {
    attachPolicy(context, `${options.id}_resources`, role, options.resourcePermissions);
  }
  return new CodebuildProject(stack, options.id, {
    name,
    description: options.description,
    serviceRole: role.arn,
    buildTimeout: TIMEOUT_MINUTES,
    artifacts: { type: 'CODEPIPELINE' },
    source: { type: 'CODEPIPELINE', buildspec: options.buildspec },
    environment: {
      computeType: 'BUILD_GENERAL1_MEDIUM',
      image: IMAGE,
      type: 'LINUX_CONTAINER',
      environmentVariable: [
        { name: 'PROJECT_NAME', value: project.projectName },
        { name: 'PROJECT_REGION', value: project.region },
        { name: 'STATE_BUCKET', value: options.stateBucketName },
        // What a test step compares with; see pipeline/test.sh.
        { name: 'MAIN_BRANCH', value: project.mainBranch },
      ],
    },
    logsConfig: { cloudwatchLogs: { groupName: logs.name } },
  });
}
