import { App } from 'cdktf';
import type { EnvironmentConfig } from './config/environment-config.ts';
import type { EnvironmentName } from './config/environment-names.ts';
import { misspeltVariables } from './config/misspelt-variables.ts';
import {
  chosenEnvironments,
  projectSettings,
  settingsOfEnvironments,
  wantsGlobal,
  type OwnSettings,
} from './config/read-settings.ts';
import { SettingsError } from './config/settings-error.ts';
import { stateBackend } from './config/state-backend.ts';
import { brokenRules } from './rules/check-stack.ts';
import { environmentStack } from './stacks/environment-stack.ts';
import { globalStack } from './stacks/global-stack.ts';

/**
 * Synthesizes the stacks into CDKTF_OUTDIR (`cdktf.out` where it isn't set).
 * @param own the settings as the files hold them
 * @param variables the process environment: DOFS_ENVIRONMENT chooses one environment, other DOFS_* override settings
 * @throws SettingsError before anything is written
 */
export function synthesize(own: OwnSettings, variables: Readonly<Record<string, string | undefined>>): void {
  const misspelt = misspeltVariables(variables);
  if (misspelt.length > 0) {
    throw new SettingsError(misspelt);
  }
  const project = projectSettings(own.project, variables);
  const backend = stateBackend(variables, project);
  const environments = settingsOfEnvironments(own.environments, chosenEnvironments(variables), variables);
  const outdir = variables['CDKTF_OUTDIR'];
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    stackTraces: false,
    context: { excludeStackIdFromLogicalIds: 'true', allowSepCharsInLogicalIds: 'true' },
  });
  const stacks = [
    ...(wantsGlobal(variables)
      ? [
          globalStack(app, {
            project,
            backend,
            // Where the global stack is wanted, every environment was chosen.
            environments: Object.fromEntries(environments) as Record<EnvironmentName, EnvironmentConfig>,
          }),
        ]
      : []),
    ...[...environments].map(([environment, settings]) =>
      environmentStack(app, { environment, project, settings, backend }),
    ),
  ];
  const problems = stacks.flatMap((stack) => brokenRules(stack, project));
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  app.synth();
}
