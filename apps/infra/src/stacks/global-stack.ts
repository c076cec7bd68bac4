import { TerraformOutput, TerraformStack, type App } from 'cdktf';
import type { EnvironmentConfig, ProjectConfig } from '../config/environment-config.ts';
import type { EnvironmentName } from '../config/environment-names.ts';
import { allowApiGatewayLogging } from '../modules/cicd/api-gateway-logging.ts';
import { createBoundaries } from '../modules/cicd/boundary.ts';
import { createCicd } from '../modules/cicd/cicd.ts';
import { createStateStore } from '../modules/state-backend/state-backend.ts';
import { useBackend, type StateBackend } from './backend.ts';
import type { GlobalContext } from './context.ts';
import { awsProvider } from './provider.ts';

/** Settings of an environment on which the rights of its pipeline depend. */
export type PipelineSettings = Pick<EnvironmentConfig, 'kmsKeyArn' | 'apiAuthorization'>;

export interface GlobalStackOptions {
  readonly project: ProjectConfig;
  readonly backend: StateBackend;
  /** What the pipelines have to know of each environment. */
  readonly environments: Readonly<Record<EnvironmentName, PipelineSettings>>;
}

/** What the environments of an account share: state, pipelines, the boundary of their roles. */
export function globalStack(app: App, options: GlobalStackOptions): TerraformStack {
  const { project, backend, environments } = options;
  const name = `${project.projectName}-global`;
  const stack = new TerraformStack(app, name);
  useBackend(stack, name, project, backend);
  const account = awsProvider(stack, project, { Environment: 'global' });
  const context: GlobalContext = { stack, project, account };

  const state = createStateStore(context, backend);
  const boundaries = createBoundaries(context);
  allowApiGatewayLogging(context);
  createCicd(context, state, environments);

  const outputs = {
    state_bucket_name: state.bucket.bucket,
    lock_table_name: state.lockTable.name,
    nonprod_boundary_arn: boundaries.nonprod.arn,
    prod_boundary_arn: boundaries.prod.arn,
    nonprod_pipeline_name: `${project.projectName}-nonprod-pipeline`,
    prod_pipeline_name: `${project.projectName}-prod-pipeline`,
  };
  for (const [output, value] of Object.entries(outputs)) {
    new TerraformOutput(stack, output, { value });
  }
  return stack;
}
