import type { ProjectConfig } from '../../config/environment-config.ts';

/** A step of a pipeline: a build that runs `pipeline/<step>.sh`, or somebody's approval. */
export type PipelineStage =
  | {
      readonly kind: 'build';
      readonly name: string;
      readonly step: string;
      readonly environment?: string;
      /** Which of the pipeline's two builds runs it: only one of them may deploy. */
      readonly build: 'test' | 'deploy';
      /** Artifact that it reads beside the source. */
      readonly reads?: string;
      readonly writes?: string;
      /** Further variables, which may be what an earlier step exported: `#{Plan.PLAN_SUMMARY}`. */
      readonly variables?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'approval'; readonly name: string; readonly message: string };

export interface PipelineDefinition {
  /** `nonprod` */
  readonly id: string;
  readonly branch: (project: ProjectConfig) => string;
  readonly buildspec: string;
  readonly environments: readonly ('dev' | 'staging' | 'prod')[];
  readonly stages: readonly PipelineStage[];
}

export const NONPROD: PipelineDefinition = {
  id: 'nonprod',
  branch: (project) => project.developBranch,
  buildspec: 'buildspec-nonprod.yml',
  environments: ['dev', 'staging'],
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
  environments: ['prod'],
  stages: [
    { kind: 'build', name: 'Test', step: 'test', build: 'test' },
    { kind: 'build', name: 'Plan', step: 'plan', environment: 'prod', build: 'deploy', writes: 'plan' },
    { kind: 'approval', name: 'Approve', message: '#{Plan.PLAN_SUMMARY}' },
    { kind: 'build', name: 'Apply', step: 'apply', environment: 'prod', build: 'deploy', reads: 'plan' },
    smoke('SmokeProd', 'prod', 'Apply'),
  ],
};

function smoke(name: string, environment: string, after: string): PipelineStage {
  return {
    kind: 'build',
    name,
    step: 'smoke',
    environment,
    build: 'test',
    variables: { API_URL: `#{${after}.API_URL}` },
  };
}
