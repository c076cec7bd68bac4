import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { TESTS, type TestName } from './declare-test.ts';
import { endWith } from './end-with.ts';
import { EXIT } from './exit-status.ts';

import type { TargetOptions } from './find-target.ts';
import { createProgram } from './program.ts';
import { stopSignal } from './stop-signal.ts';
import type { Terminal } from './terminal.ts';

const ROOT = join(import.meta.dirname, '../../..');

type GlobalOptions = TargetOptions & { readonly json?: boolean };

function terminalOf(json: boolean): Terminal {
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, json };
}

function contextOf(command: Command): CommandContext {
  const options = command.optsWithGlobals<GlobalOptions>();
  const env = options.env ?? environmentOf(command);
  const targetOptions: TargetOptions = env === undefined ? options : { ...options, env };
  return {
    terminal: terminalOf(options.json === true),
    get stop() {
      return stopSignal();
    },
    target: async () => {
      const { findTarget } = await import('./find-target.ts');
      return findTarget(targetOptions, process.env, ROOT);
    },
  };
}

/** `dofs test prod` means prod; most commands leave it to the system that is found. */
function environmentOf(command: Command): string | undefined {
  const isTest = command.parent?.name() === 'test';
  return isTest ? TESTS[command.name() as TestName].environment : undefined;
}

/** Ends the process when its output can't be written: quietly where the reader has seen enough (`| head`). */
function endOnOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') {
    process.exit(EXIT.brokenPipe);
  }
  try {
    writeSync(2, `dofs: the output can't be written (${error.code ?? error.message})\n`);
  } catch {
    // Standard error can't be written either: the status has to say it.
  }
  process.exit(EXIT.output);
}

async function main(): Promise<void> {
  process.stdout.on('error', endOnOutputError);
  process.stderr.on('error', endOnOutputError);
  for (const variable of ['DOFS_API_URL', 'DOFS_API_KEY', 'DOFS_PROJECT_NAME']) {
    // An empty variable is one that is not set.
    if (process.env[variable] === '') {
      delete process.env[variable];
    }
  }
  const json = process.argv.includes('--json');
  const program = createProgram((command, load) => {
    command.action(async () => {
      const action = await load();
      const { args } = command;
      process.exitCode = await action(contextOf(command), args, command.optsWithGlobals());
      if (process.exitCode === EXIT.interrupted) {
        // Whoever pressed Ctrl-C doesn't wait for calls that nobody asks for any more.
        process.exit();
      }
    });
  }, json);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = endWith(error, terminalOf(json));
  }
}

await main();
