import {
  ENVIRONMENT_NAMES,
  PIPELINE_OF,
  type EnvironmentName,
  type PipelineName,
} from '../../config/environment-names.ts';
import type { ProjectConfig } from '../../config/environment-config.ts';
import type { PipelineSettings } from '../../stacks/global-stack.ts';

/** `test` may deploy nothing, `plan` only reads what is deployed, `deploy` changes it. */
export type BuildKind = 'test' | 'plan' | 'deploy';

/** A step of a pipeline: a build that runs `pipeline/<step>.sh`, or somebody's approval. */
export type PipelineStage =
  BuildStage | { readonly kind: 'approval'; readonly name: string; readonly message: string };

export interface BuildStage {
  readonly kind: 'build';
  readonly name: string;
  readonly step: string;
  readonly environment?: EnvironmentName;
  /** Which of the pipeline's builds runs it, each with rights of its own. */
  readonly build: BuildKind;
  /** Artifact that it reads beside the source. */
  readonly reads?: string;
  readonly writes?: string;
  /** The step whose deployment it calls: its API's URL, and how to be let in, are handed on. */
  readonly calls?: string;
}

export interface PipelineDefinition {
  readonly id: PipelineName;
  readonly branch: (project: ProjectConfig) => string;
  readonly buildspec: string;
  readonly environments: readonly EnvironmentName[];
  readonly stages: readonly PipelineStage[];
}

const environmentsOf = (pipeline: PipelineName) =>
  ENVIRONMENT_NAMES.filter((environment) => PIPELINE_OF[environment] === pipeline);

export const NONPROD: PipelineDefinition = {
  id: 'nonprod',
  branch: (project) => project.developBranch,
  buildspec: 'buildspec-nonprod.yml',
  environments: environmentsOf('nonprod'),
  stages: [
    { kind: 'build', name: 'Test', step: 'test', build: 'test' },
    { kind: 'build', name: 'DeployDev', step: 'deploy', environment: 'dev', build: 'deploy' },
    smoke('SmokeDev', 'dev', 'DeployDev'),
    { kind: 'build', name: 'DeployStaging', step: 'deploy', environment: 'staging', build: 'deploy' },
    smoke('SmokeStaging', 'staging', 'DeployStaging'),
  ],
};

export const PROD: PipelineDefinition = {
  id: 'prod',
  branch: (project) => project.mainBranch,
  buildspec: 'buildspec-prod.yml',
  environments: environmentsOf('prod'),
  stages: [
    { kind: 'build', name: 'Test', step: 'test', build: 'test' },
    // It runs the branch's code before anybody has approved it.
    { kind: 'build', name: 'Plan', step: 'plan', environment: 'prod', build: 'plan', writes: 'plan' },
    { kind: 'approval', name: 'Approve', message: '#{Plan.PLAN_SUMMARY}' },
    { kind: 'build', name: 'Apply', step: 'apply', environment: 'prod', build: 'deploy', reads: 'plan' },
    smoke('SmokeProd', 'prod', 'Apply'),
  ],
};

function smoke(name: string, environment: EnvironmentName, calls: string): BuildStage {
  return { kind: 'build', name, step: 'smoke', environment, build: 'test', calls };
}

/** Variables of a step that calls an API: references to what the step before exported, and how the API lets in. */
export function callVariables(calls: string, { apiAuthorization }: PipelineSettings): Record<string, string> {
  return {
    API_URL: `#{${calls}.API_URL}`,
    API_AUTHORIZATION: apiAuthorization,
    ...(apiAuthorization === 'API_KEY' ? { API_KEY_ID: `#{${calls}.API_KEY_ID}` } : {}),
  };
}
