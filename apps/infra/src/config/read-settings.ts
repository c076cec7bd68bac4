import type { Static, TObject } from 'typebox';
import Value from 'typebox/value';
import { EnvironmentConfig, ProjectConfig, remedyOf } from './environment-config.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName } from './environment-names.ts';
import { crossFieldProblems } from './setting-rules.ts';
import { SettingsError } from './settings-error.ts';
import { variableOf } from './variable-of.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The settings as the files hold them (`project.ts`, `environments.ts`), before any variable overrides one. */
export interface OwnSettings {
  readonly project: ProjectConfig;
  readonly environments: Readonly<Record<EnvironmentName, EnvironmentConfig>>;
}

/**
 * One environment's settings with the overrides of the process environment, checked.
 * @throws SettingsError with a line for every setting that is wrong
 */
export function environmentSettings(own: EnvironmentConfig, variables: Variables): EnvironmentConfig {
  const settings = checked(EnvironmentConfig, overridden(EnvironmentConfig, own, variables));
  const problems = crossFieldProblems(settings);
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  return settings;
}

/**
 * The settings of several environments, checked all at once.
 * @throws SettingsError with a line for every setting that is wrong; one that is not wrong everywhere says where
 */
export function settingsOfEnvironments(
  own: OwnSettings['environments'],
  names: readonly EnvironmentName[],
  variables: Variables,
): ReadonlyMap<EnvironmentName, EnvironmentConfig> {
  const settings = new Map<EnvironmentName, EnvironmentConfig>();
  const wrongIn = new Map<string, EnvironmentName[]>();
  for (const name of names) {
    try {
      settings.set(name, environmentSettings(own[name], variables));
    } catch (error) {
      if (!(error instanceof SettingsError)) {
        throw error;
      }
      for (const problem of error.problems) {
        wrongIn.set(problem, [...(wrongIn.get(problem) ?? []), name]);
      }
    }
  }
  if (wrongIn.size > 0) {
    throw new SettingsError(
      [...wrongIn].map(([problem, where]) =>
        where.length === names.length ? problem : `${where.join(', ')}: ${problem}`,
      ),
    );
  }
  return settings;
}

/**
 * The project's settings with the overrides of the process environment, checked.
 * @throws SettingsError with a line for every setting that is wrong
 */
export function projectSettings(own: ProjectConfig, variables: Variables): ProjectConfig {
  return checked(ProjectConfig, overridden(ProjectConfig, own, variables));
}

/**
 * The environments to synthesize: the one in DOFS_ENVIRONMENT, or all.
 * @throws SettingsError if there is no such environment
 */
export function chosenEnvironments(variables: Variables): readonly EnvironmentName[] {
  const chosen = variables['DOFS_ENVIRONMENT'];
  if (chosen === undefined || chosen === '') {
    return ENVIRONMENT_NAMES;
  }
  const known = ENVIRONMENT_NAMES.filter((name) => name === chosen);
  if (known.length === 0) {
    throw new SettingsError([
      `DOFS_ENVIRONMENT is "${chosen}": must be one of ${ENVIRONMENT_NAMES.join(', ')}`,
    ]);
  }
  return known;
}

/** The global stack is left out where one environment alone was asked for. */
export function wantsGlobal(variables: Variables): boolean {
  return (variables['DOFS_ENVIRONMENT'] ?? '') === '';
}

function overridden(schema: TObject, defaults: Readonly<Record<string, unknown>>, variables: Variables) {
  const overrides = Object.keys(schema.properties).flatMap((setting) => {
    const text = variables[variableOf(setting)];
    return text === undefined ? [] : [[setting, parsed(text, defaults[setting])] as const];
  });
  return { ...defaults, ...Object.fromEntries(overrides) };
}

/** The text of a variable as the type of its setting's own value; what doesn't fit stays text, and is refused. */
function parsed(text: string, own: unknown): unknown {
  if (Array.isArray(own)) {
    return text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  }
  if (typeof own === 'number') {
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  }
  if (typeof own === 'boolean') {
    return text === 'true' || (text === 'false' ? false : text);
  }
  return text;
}

function checked<Schema extends TObject>(schema: Schema, settings: Record<string, unknown>): Static<Schema> {
  if (Value.Check(schema, settings)) {
    return settings;
  }
  const wrong = Object.entries(schema.properties).filter(
    ([setting, type]) => !Value.Check(type, settings[setting]),
  );
  const unknown = Object.keys(settings).filter((setting) => !(setting in schema.properties));
  throw new SettingsError([
    ...wrong.map(
      ([setting, type]) =>
        `${setting} is ${JSON.stringify(settings[setting])}: must be ${remedyOf(type)}; ` +
        `change it in apps/infra/src/config or set ${variableOf(setting)}`,
    ),
    ...unknown.map((setting) => `${setting} is no setting: remove it from apps/infra/src/config`),
  ]);
}
