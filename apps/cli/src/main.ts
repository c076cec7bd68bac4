import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { endWith } from './end-with.ts';
import { TESTS, type TestName } from './declare-test.ts';
import type { TargetOptions } from './find-target.ts';
import { createProgram } from './program.ts';
import { stopSignal } from './stop-signal.ts';
import type { Terminal } from './terminal.ts';

const ROOT = join(import.meta.dirname, '../../..');

type GlobalOptions = Omit<TargetOptions, 'env'> & { readonly env?: string; readonly json?: boolean };

function terminalOf(json: boolean): Terminal {
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, json };
}

function contextOf(command: Command): CommandContext {
  const options = command.optsWithGlobals<GlobalOptions>();
  const env = options.env ?? environmentOf(command);
  return {
    terminal: terminalOf(options.json === true),
    get stop() {
      return stopSignal();
    },
    target: async () => {
      const { findTarget } = await import('./find-target.ts');
      return findTarget({ ...options, env }, process.env, ROOT);
    },
  };
}

/** `dofs test prod` means prod; everything else dev. */
function environmentOf(command: Command): string {
  const isTest = command.parent?.name() === 'test';
  return isTest ? TESTS[command.name() as TestName].environment : 'dev';
}

async function main(): Promise<void> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
    process.exit();
  });
  const program = createProgram((command, load) => {
    command.action(async () => {
      const action = await load();
      const { args } = command;
      process.exitCode = await action(contextOf(command), args, command.optsWithGlobals());
    });
  });
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = endWith(error, terminalOf(process.argv.includes('--json')));
  }
}

await main();
