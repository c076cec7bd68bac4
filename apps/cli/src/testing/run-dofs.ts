import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Target } from '@dofs/operations/target';

export interface Ended {
  /** Null: ended by a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The program as npx runs it. */
export const DOFS = join(import.meta.dirname, '../../bin/dofs.mjs');

/** The environment variables that lead dofs to a target, and to nothing else of this machine. */
export function environmentOf(target: Target): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return {
    PATH,
    ...(target.awsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: target.awsEndpoint }),
    ...(target.apiUrl === undefined ? {} : { DOFS_API_URL: target.apiUrl }),
    ...(target.region === undefined ? {} : { AWS_REGION: target.region }),
  };
}

/** Starts dofs as a shell would, without a terminal. */
export function startDofs(args: readonly string[], environment: NodeJS.ProcessEnv, input = ''): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DOFS, ...args], {
    env: environment,
  });
  child.stdin.end(input);
  const ended = Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject)),
    text(child.stdout),
    text(child.stderr),
  ]).then(([status, stdout, stderr]) => ({ status, stdout, stderr }));
  return { child, ended };
}

/** Runs dofs to its end. */
export function runDofs(args: readonly string[], environment: NodeJS.ProcessEnv, input = ''): Promise<Ended> {
  return startDofs(args, environment, input).ended;
}
