import { once } from 'node:events';
import { parseOptions, USAGE } from './options.ts';

/** Ends the process when a start fails: one line for people, no stack trace. */
function endWith(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`dofs: ${message}\n`);
  if (process.env['DOFS_DEBUG'] !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // Imported here: --help and a wrong option need no engine.
  const { runLocal } = await import('./run.ts');
  const system = await runLocal(options, (text) => process.stdout.write(`${text}\n`));
  await stopped;
  await system.close();
}

await main().catch(endWith);
