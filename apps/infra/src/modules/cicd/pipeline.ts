import type { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project/index.js';
import { Codepipeline } from '@cdktf/provider-aws/lib/codepipeline/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import type { GlobalContext } from '../../stacks/context.ts';
import type { PipelineDefinition, PipelineStage } from './pipeline-stages.ts';
import { pipelineRole } from './pipeline-role.ts';
import type { Source } from './source.ts';

export interface PipelineOptions {
  readonly source: Source;
  readonly artifacts: S3Bucket;
  readonly builds: Readonly<Record<'test' | 'deploy', CodebuildProject>>;
}

/** A pipeline of one branch: V2, whose runs are billed by the minute and not by the month. */
export function createPipeline(
  context: GlobalContext,
  definition: PipelineDefinition,
  { source, artifacts, builds }: PipelineOptions,
): void {
  const { stack, project } = context;
  const role = pipelineRole(context, `${definition.id}_pipeline`, 'codepipeline.amazonaws.com', [
    {
      sid: 'Artifacts',
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      // Pipelines make up their artifacts' names.
      resources: [`${artifacts.arn}/*`],
    },
    { sid: 'FindArtifacts', actions: ['s3:GetBucketVersioning'], resources: [artifacts.arn] },
    {
      sid: 'RunBuilds',
      actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
      resources: [builds.test.arn, builds.deploy.arn],
    },
    ...source.permissions,
  ]);
  const sourceAction = source.action(definition.branch(project));
  new Codepipeline(stack, `${definition.id}_pipeline`, {
    name: `${project.projectName}-${definition.id}-pipeline`,
    pipelineType: 'V2',
    // A newer commit takes the place of one that still waits.
    executionMode: 'SUPERSEDED',
    roleArn: role.arn,
    artifactStore: [{ location: artifacts.bucket, type: 'S3' }],
    stage: [
      {
        name: 'Source',
        action: [
          {
            name: 'Source',
            category: 'Source',
            version: '1',
            ...sourceAction,
            outputArtifacts: ['source'],
          },
        ],
      },
      ...definition.stages.map((stage) => ({ name: stage.name, action: [actionOf(stage, builds)] })),
    ],
  });
}

function actionOf(stage: PipelineStage, builds: PipelineOptions['builds']) {
  if (stage.kind === 'approval') {
    return {
      name: stage.name,
      category: 'Approval',
      owner: 'AWS',
      provider: 'Manual',
      version: '1',
      configuration: { CustomData: stage.message },
    };
  }
  const variables = {
    PIPELINE_STEP: stage.step,
    ...(stage.environment === undefined ? {} : { TARGET_ENVIRONMENT: stage.environment }),
    ...stage.variables,
  };
  return {
    name: stage.name,
    namespace: stage.name,
    category: 'Build',
    owner: 'AWS',
    provider: 'CodeBuild',
    version: '1',
    inputArtifacts: ['source', ...(stage.reads === undefined ? [] : [stage.reads])],
    ...(stage.writes === undefined ? {} : { outputArtifacts: [stage.writes] }),
    configuration: {
      ProjectName: builds[stage.build].name,
      // With two inputs CodeBuild has to know which one holds the buildspec.
      ...(stage.reads === undefined ? {} : { PrimarySource: 'source' }),
      EnvironmentVariables: JSON.stringify(
        Object.entries(variables).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
      ),
    },
  };
}
