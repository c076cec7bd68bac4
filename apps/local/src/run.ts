import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningStack } from '@dofs/local-aws/run-stack';
import type { StackDescription } from '@dofs/local-aws/stack-description';
import { publishEndpoints } from './publish-endpoints.ts';
import { takeWorkDir, type WorkDir } from './data-dir.ts';
import { greeting, type Endpoints } from './greeting.ts';
import type { LocalOptions } from './options.ts';
import { buildAndSynthesize } from './synthesize.ts';
import { StartError } from './usage-error.ts';

/** A running local system. */
export interface LocalSystem {
  readonly endpoints: Endpoints;
  close(): Promise<void>;
}

/**
 * Synthesizes the environment, starts every engine and writes down the endpoints.
 * @param say takes the text to show
 * @throws StartError, nothing is left running then
 */
export async function runLocal(options: LocalOptions, say: (text: string) => void): Promise<LocalSystem> {
  const workDir = takeWorkDir(options.dataDir);
  try {
    const synthesized = options.stackDir ?? synthesizedStack(options.environment, workDir);
    // The engines take most of a second to load: other processes synthesize meanwhile.
    const [stackDir, { startEngines }] = await Promise.all([synthesized, import('./start-engines.ts')]);
    const { description, stack } = await startEngines(stackDir, options, workDir);
    return await announcedOrClosed(options, description, stack, workDir, say);
  } catch (error) {
    workDir.discard();
    throw error;
  }
}

/** A system that can't be announced is closed again. */
async function announcedOrClosed(...system: Parameters<typeof announced>): Promise<LocalSystem> {
  try {
    return announced(...system);
  } catch (error) {
    const [, , stack] = system;
    await stack.close();
    throw error;
  }
}

async function synthesizedStack(environment: string, workDir: WorkDir): Promise<string> {
  const outDir = join(workDir.path, 'cdktf.out');
  await buildAndSynthesize(environment, outDir);
  return onlyStackIn(outDir);
}

/** The stack's own name follows the project's, so it is read from the manifest rather than guessed. */
function onlyStackIn(outDir: string): string {
  const manifest = JSON.parse(readFileSync(join(outDir, 'manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
  };
  const [stack, ...others] = Object.values(manifest.stacks);
  if (stack === undefined || others.length > 0) {
    throw new StartError(
      `${outDir}: expected one synthesized stack, found ${others.length + (stack === undefined ? 0 : 1)}`,
    );
  }
  return join(outDir, stack.workingDirectory);
}

function announced(
  options: LocalOptions,
  description: StackDescription,
  stack: RunningStack,
  workDir: WorkDir,
  say: (text: string) => void,
): LocalSystem {
  const endpoints: Endpoints = {
    pid: process.pid,
    environment: options.environment,
    region: description.region,
    apiUrl: stack.apiUrl,
    awsEndpoint: stack.awsEndpoint,
    outputs: stack.outputs,
  };
  const published = publishEndpoints(endpoints, workDir.path, options);
  say(options.json ? JSON.stringify(endpoints) : greeting(endpoints, description, options.dataDir));
  const close = async () => {
    published.withdraw();
    await stack.close();
    workDir.release();
  };
  return { endpoints, close };
}
