/**
 * The program that cdktf runs (see cdktf.json): writes the stacks as Terraform JSON.
 *
 *     CDKTF_OUTDIR=cdktf.out DOFS_ENVIRONMENT=dev node apps/infra/src/main.ts
 */
import { ENVIRONMENTS } from './config/environments.ts';
import { PROJECT } from './config/project.ts';
import { SettingsError } from './config/settings-error.ts';
import { synthesize } from './synthesize.ts';

try {
  synthesize({ project: PROJECT, environments: ENVIRONMENTS }, process.env);
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
