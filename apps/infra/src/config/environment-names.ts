export type PipelineName = 'nonprod' | 'prod';

/** Every environment, with the pipeline that deploys it. The pipeline's boundary holds the environment's roles. */
export const PIPELINE_OF = {
  dev: 'nonprod',
  staging: 'nonprod',
  prod: 'prod',
} as const satisfies Readonly<Record<string, PipelineName>>;

export type EnvironmentName = keyof typeof PIPELINE_OF;
export const ENVIRONMENT_NAMES = Object.keys(PIPELINE_OF) as readonly EnvironmentName[];
