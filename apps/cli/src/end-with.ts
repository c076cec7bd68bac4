import { CommanderError } from 'commander';
import { OperationError } from '@dofs/operations/operation-error';
import { styleText } from 'node:util';
import { EXIT, EXIT_OF_KIND, type ExitStatus } from './exit-status.ts';
import { StoppedError } from './stop-signal.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

interface Ending {
  readonly status: ExitStatus;
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Says on stderr why a command ends: one line, and what to do next. DOFS_DEBUG=1 adds the stack.
 * @returns the exit status
 */
export function endWith(error: unknown, terminal: Terminal): ExitStatus {
  if (error instanceof CommanderError) {
    // Commander has already printed its message, or the help that was asked for.
    return error.exitCode === 0 || error.code === 'commander.help' ? EXIT.ok : EXIT.usage;
  }
  const ending = endingOf(error);
  if (terminal.json) {
    const { kind, message, hint } = ending;
    terminal.stderr.write(`${JSON.stringify({ error: { kind, message, hint } })}\n`);
  } else {
    const label = styleText('red', 'dofs:', { stream: terminal.stderr });
    const hint = ending.hint === '' ? '' : ` — ${ending.hint}`;
    terminal.stderr.write(`${label} ${ending.message}${hint}\n`);
  }
  if (process.env['DOFS_DEBUG'] !== undefined && error instanceof Error) {
    terminal.stderr.write(`${error.stack}\n`);
  }
  return ending.status;
}

function endingOf(error: unknown): Ending {
  if (error instanceof OperationError) {
    const { kind, message, hint } = error;
    return { status: EXIT_OF_KIND[kind], kind, message, hint };
  }
  if (error instanceof UsageError) {
    return { status: EXIT.usage, kind: 'usage', message: error.message, hint: 'see dofs --help' };
  }
  if (error instanceof StoppedError) {
    return { status: EXIT.interrupted, kind: 'interrupted', message: 'stopped', hint: '' };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = 'this is a bug; DOFS_DEBUG=1 shows where';
  return { status: EXIT.internal, kind: 'internal', message, hint };
}
