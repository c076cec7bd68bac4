import { parseOptions, USAGE } from './options.ts';

/** Ends the process when a start fails: one line for people (one for each wrong setting), no stack trace. */
function endWith(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(message.replaceAll(/^/gm, 'dofs: ') + '\n');
  if (process.env['DOFS_DEBUG'] !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.exitCode = 1;
}

/** Longer than everything takes to close, in milliseconds. */
const CLOSING_MS = 10_000;

/**
 * Resolves at the first signal to stop. Later ones are ignored: a terminal sends Ctrl-C to npm and to us, and npm
 * passes it on. Should closing hang, the process ends all the same.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve();
        setTimeout(() => process.exit(1), CLOSING_MS).unref();
      });
    }
  });
}

/** Whoever read our output may be gone (`| head`); the system runs on without. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => undefined);
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  outliveReaders();
  let isStopping = false;
  const stopped = stopSignal().then(() => {
    isStopping = true;
  });
  // Imported here: --help and a wrong option need no engine.
  const { runLocal } = await import('./run.ts');
  try {
    const system = await runLocal(options, (text) => process.stdout.write(`${text}\n`));
    await stopped;
    await system.close();
  } catch (error) {
    // Ctrl-C during the start ends the programs that it runs, too: that is no failure.
    if (!isStopping) {
      throw error;
    }
  }
}

await main().catch(endWith);
