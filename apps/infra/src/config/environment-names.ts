export const ENVIRONMENT_NAMES = ['dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export type PipelineName = 'nonprod' | 'prod';

/** The pipeline that deploys an environment. Its boundary holds the environment's roles. */
export const PIPELINE_OF: Readonly<Record<EnvironmentName, PipelineName>> = {
  dev: 'nonprod',
  staging: 'nonprod',
  prod: 'prod',
};
