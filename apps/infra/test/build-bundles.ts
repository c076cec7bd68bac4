import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAMBDA_ENVIRONMENTS } from '@dofs/lambda-kit/environment';

const REPOSITORY = join(import.meta.dirname, '../../..');

/** The stacks are synthesized with the functions' bundles, so they are built where they aren't there. */
export function setup(): void {
  const missing = Object.keys(LAMBDA_ENVIRONMENTS).filter(
    (app) => !existsSync(join(REPOSITORY, 'apps', app, 'dist/index.mjs')),
  );
  if (missing.length > 0) {
    execFileSync(process.execPath, ['tools/build-lambdas.ts', ...missing], { cwd: REPOSITORY });
  }
}
