import type { TerraformStack } from 'cdktf';
import type { EnvironmentConfig, ProjectConfig } from '../config/environment-config.ts';
import type { EnvironmentName } from '../config/environment-names.ts';
import type { Names } from '../names.ts';

/** What every module is given. */
export interface GlobalContext {
  readonly stack: TerraformStack;
  readonly project: ProjectConfig;
  readonly account: Account;
}

/** What every module of an environment's stack is given. */
export interface Context extends GlobalContext {
  readonly environment: EnvironmentName;
  readonly names: Names;
  readonly settings: EnvironmentConfig;
}

/** Known only when Terraform runs, so these are references. */
export interface Account {
  readonly id: string;
  readonly partition: string;
}
