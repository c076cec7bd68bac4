import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StartError } from './usage-error.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

/**
 * Bundles the functions and synthesizes one environment's stack, by the very programs that a deployment runs.
 * @param outDir the folder that gets `stacks/<stack>/cdk.tf.json`
 * @throws StartError with the one line that the failing program said
 */
export async function buildAndSynthesize(environment: string, outDir: string): Promise<void> {
  await run('tools/build-lambdas.ts', ['--stale'], {});
  await run('apps/infra/src/main.ts', [], {
    CDKTF_OUTDIR: outDir,
    DOFS_ENVIRONMENT: environment,
    CHECKPOINT_DISABLE: '1',
  });
}

function run(script: string, args: readonly string[], environment: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--disable-warning=DEP0044', script, ...args],
      {
        cwd: REPOSITORY,
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve();
      } else {
        // The program knows the environment as a variable; whoever reads this gave it as an option.
        const said = stderr.trim().replace(/^DOFS_ENVIRONMENT is/, '--env is');
        reject(new StartError(said || `${script} ended with status ${code ?? 'unknown'}`));
      }
    });
  });
}
