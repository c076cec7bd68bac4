import { join } from 'node:path';
import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import { lockTableName } from '../names.ts';
import type { ProjectConfig } from '../config/environment-config.ts';

/** Where Terraform keeps what it made. */
export type StateBackend =
  /** `folder`: where the state files are. */
  | { readonly kind: 'local'; readonly folder: string }
  /** `bucket`: as the bootstrap made it; undefined before that. */
  | { readonly kind: 's3'; readonly bucket: string | undefined };

/** Tells Terraform where the stack's state lives. */
export function useBackend(
  stack: TerraformStack,
  stackName: string,
  project: ProjectConfig,
  backend: StateBackend,
): void {
  if (backend.kind === 'local') {
    new LocalBackend(stack, { path: join(backend.folder, `terraform.${stackName}.tfstate`) });
    return;
  }
  new S3Backend(stack, {
    bucket: backend.bucket ?? '',
    key: `${stackName}/terraform.tfstate`,
    region: project.region,
    encrypt: true,
    dynamodbTable: lockTableName(project.projectName),
  });
  if (backend.bucket === undefined) {
    // Terraform then asks for it, or takes it from -backend-config.
    stack.addOverride('terraform.backend.s3.bucket', undefined);
  }
}
