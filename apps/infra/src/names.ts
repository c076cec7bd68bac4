import type { PipelineName } from './config/environment-names.ts';

/** Names of an environment's resources: `dofs-dev-orders`. */
export interface Names {
  readonly prefix: string;
  readonly stage: string;
  of(resource: string): string;
}

export function namesOf(projectName: string, environment: string): Names {
  const prefix = `${projectName}-${environment}`;
  return { prefix, stage: environment, of: (resource) => `${prefix}-${resource}` };
}

/** Where the pipeline roles, and those that the environments make, are filed. */
export function rolePath(projectName: string): string {
  return `/${projectName}/`;
}

/** The policy that no role of an environment of that pipeline can exceed. */
export function boundaryName(projectName: string, pipeline: PipelineName): string {
  return `${projectName}-${pipeline}-boundary`;
}

/** The bucket of the Terraform state. Bucket names are global, hence the account and the region. */
export function stateBucketName(projectName: string, accountId: string, region: string): string {
  return `${projectName}-terraform-state-${accountId}-${region}`;
}

/** The table that keeps two runs from changing one state. */
export function lockTableName(projectName: string): string {
  return `${projectName}-terraform-locks`;
}
