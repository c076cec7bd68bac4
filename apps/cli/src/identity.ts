import type { Outputs } from './terraform-outputs.ts';
import { UsageError } from './usage-error.ts';

/** Which system it is: project and environment. */
export interface Identity {
  readonly project: string;
  readonly environment: string;
}

/** What the command line names; absent: it leaves that to the system that is found. */
export type Wanted = { readonly [Part in keyof Identity]?: string | undefined };

const DEFAULTS: Identity = { project: 'dofs', environment: 'dev' };

/** Where to look: what the command line names, otherwise dofs-dev. */
export function wantedIdentity(wanted: Wanted): Identity {
  return {
    project: wanted.project ?? DEFAULTS.project,
    environment: wanted.environment ?? DEFAULTS.environment,
  };
}

/**
 * Which system was found. What it says of itself counts, so that no command names one system and acts on another.
 * @param outputs the system's Terraform outputs: `environment_info` says what it is
 * @param where names the place that was looked at, for people
 * @throws UsageError where the command line means another system than the one that is there
 */
export function foundIdentity(wanted: Wanted, outputs: Outputs, where: string): Identity {
  const info = outputs['environment_info'];
  const said = (name: string) => {
    const value = isObject(info) ? info[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    project: agreed(wanted.project, said('project_name'), DEFAULTS.project, where, '--project'),
    environment: agreed(wanted.environment, said('environment'), DEFAULTS.environment, where, '--env'),
  };
}

function agreed(
  wanted: string | undefined,
  found: string | undefined,
  otherwise: string,
  where: string,
  option: string,
): string {
  if (wanted !== undefined && found !== undefined && wanted !== found) {
    throw new UsageError(`${where} is ${found}, not ${wanted}: pass ${option} ${found} if you mean it`);
  }
  return found ?? wanted ?? otherwise;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
