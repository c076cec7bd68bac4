import type { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project/index.js';
import { Codepipeline } from '@cdktf/provider-aws/lib/codepipeline/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import type { GlobalContext } from '../../stacks/context.ts';
import type { GlobalStackOptions } from '../../stacks/global-stack.ts';
import { artifactPermissions } from './artifact-permissions.ts';
import {
  callVariables,
  type BuildKind,
  type BuildStage,
  type PipelineDefinition,
  type PipelineStage,
} from './pipeline-stages.ts';
import { pipelineRole } from './pipeline-role.ts';
import type { Source } from './source.ts';

export interface PipelineOptions {
  readonly source: Source;
  readonly artifacts: S3Bucket;
  /** Those that the pipeline's stages name. */
  readonly builds: ReadonlyMap<BuildKind, CodebuildProject>;
  readonly environments: GlobalStackOptions['environments'];
}

/** A pipeline of one branch: V2, whose runs are billed by the minute and not by the month. */
export function createPipeline(
  context: GlobalContext,
  definition: PipelineDefinition,
  { source, artifacts, builds, environments }: PipelineOptions,
): void {
  const { stack, project } = context;
  const role = pipelineRole(context, `${definition.id}_pipeline`, 'codepipeline.amazonaws.com', [
    // The source action of a connection uploads with an ACL (aws-cdk issue 13557).
    ...artifactPermissions(artifacts, 's3:PutObjectAcl'),
    {
      sid: 'RunBuilds',
      actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
      resources: [...builds.values()].map(({ arn }) => arn),
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
    lifecycle: { precondition: [source.precondition] },
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
      ...definition.stages.map((stage) => ({
        name: stage.name,
        action: [actionOf(stage, builds, environments)],
      })),
    ],
  });
}

function actionOf(
  stage: PipelineStage,
  builds: PipelineOptions['builds'],
  environments: PipelineOptions['environments'],
) {
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
      ProjectName: buildOf(builds, stage.build).name,
      // With two inputs CodeBuild has to know which one holds the buildspec.
      ...(stage.reads === undefined ? {} : { PrimarySource: 'source' }),
      EnvironmentVariables: JSON.stringify(
        Object.entries(variablesOf(stage, environments)).map(([name, value]) => ({
          name,
          value,
          type: 'PLAINTEXT',
        })),
      ),
    },
  };
}

function buildOf(builds: PipelineOptions['builds'], kind: BuildKind): CodebuildProject {
  const build = builds.get(kind);
  if (build === undefined) {
    throw new Error(`the pipeline has a ${kind} step but no ${kind} build`);
  }
  return build;
}

function variablesOf(
  { step, environment, calls }: BuildStage,
  environments: PipelineOptions['environments'],
): Record<string, string> {
  return {
    PIPELINE_STEP: step,
    ...(environment === undefined ? {} : { TARGET_ENVIRONMENT: environment }),
    ...(environment === undefined || calls === undefined
      ? {}
      : callVariables(calls, environments[environment])),
  };
}
