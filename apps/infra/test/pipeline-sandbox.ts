import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

export const REPOSITORY = join(import.meta.dirname, '../../..');

export interface Buildspec {
  readonly env: {
    readonly 'exported-variables': readonly string[];
    readonly 'git-credential-helper'?: unknown;
  };
  readonly phases: Readonly<Record<'install' | 'build', { readonly commands: readonly string[] }>>;
}

export interface BuildResult {
  readonly status: number | null;
  readonly output: string;
  /** Programs that were called with their arguments, in order. */
  readonly calls: readonly string[];
  /** What CodeBuild would hand on to later steps. */
  readonly exported: Readonly<Record<string, string>>;
}

/** A checkout in which a buildspec's own commands run, with programs that only note how they were called. */
export interface Sandbox {
  readonly folder: string;
  /** What a program prints, and how it ends, for calls whose arguments match. */
  answer(program: string, pattern: string, output: string, status?: number): void;
  run(buildspec: string, variables: Readonly<Record<string, string>>): BuildResult;
  remove(): void;
}

export const NONPROD_SPEC = 'buildspec-nonprod.yml';
export const PROD_SPEC = 'buildspec-prod.yml';
/** What CodeBuild tells a build of the project. */
export const CODEBUILD = { PROJECT_NAME: 'acme', PROJECT_REGION: 'eu-west-1', STATE_BUCKET: 'acme-state' };

const PROGRAMS = ['aws', 'npm', 'npx', 'terraform', 'unzip'];

export function createSandbox(): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-test-'));
  const bin = join(folder, 'stubs');
  mkdirSync(bin);
  mkdirSync(join(folder, 'answers'));
  cpSync(join(REPOSITORY, 'pipeline'), join(folder, 'pipeline'), { recursive: true });
  for (const script of readdirSync(join(folder, 'pipeline'))) {
    // As out of a zip.
    chmodSync(join(folder, 'pipeline', script), 0o644);
  }
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(REPOSITORY, 'node_modules/node'), join(folder, 'node_modules/node'));
  mkdirSync(join(folder, 'apps/infra/src'), { recursive: true });
  cpSync(join(REPOSITORY, 'apps/infra/src/plan-summary'), join(folder, 'apps/infra/src/plan-summary'), {
    recursive: true,
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const program of PROGRAMS) {
    writeFileSync(join(bin, program), STUB);
    chmodSync(join(bin, program), 0o755);
  }
  return {
    folder,
    answer: (program, pattern, output, status = 0) => {
      writeFileSync(join(folder, `answers/${program}`), `${pattern}\n${status}\n${output}\n`);
    },
    run: (buildspec, variables) => runBuildspec(folder, bin, buildspec, variables),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** Notes its call; prints its answer where the arguments match the pattern. */
const STUB = `#!/usr/bin/env bash
program="$(basename "$0")"
echo "$program $*" >>"$SANDBOX/calls"
answer="$SANDBOX/answers/$program"
if [ -f "$answer" ] && [[ "$*" == *"$(sed -n 1p "$answer")"* ]]; then
  sed 1,2d "$answer"
  exit "$(sed -n 2p "$answer")"
fi
`;

export function readBuildspec(name: string): Buildspec {
  return parse(readFileSync(join(REPOSITORY, name), 'utf8')) as Buildspec;
}

function runBuildspec(
  folder: string,
  bin: string,
  buildspec: string,
  variables: Readonly<Record<string, string>>,
): BuildResult {
  const { env, phases } = readBuildspec(buildspec);
  const exports = env['exported-variables'];
  const script = [
    ...phases.install.commands,
    ...phases.build.commands,
    ...exports.map((name) => `printf '%s' "\${${name}:-}" >"$SANDBOX/exported-${name}"`),
  ].join('\n');
  rmSync(join(folder, 'calls'), { force: true });
  // As CodeBuild runs them: one shell, and the first failure ends the build.
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, SANDBOX: folder, ...variables },
  });
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  return {
    status,
    output: stdout + stderr,
    calls: read('calls').trim().split('\n'),
    exported: Object.fromEntries(exports.map((name) => [name, read(`exported-${name}`)])),
  };
}

/** For tests in which terraform has to give another answer than its version. */
export function withoutInstall({ folder }: Sandbox): void {
  writeFileSync(join(folder, 'pipeline/install-tools.sh'), 'true\n');
}
