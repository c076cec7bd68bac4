import { CommanderError } from 'commander';
import { OperationError } from '@dofs/operations/operation-error';
import { EXIT, EXIT_OF_KIND, type ExitStatus } from './exit-status.ts';
import { StoppedError } from './stop-signal.ts';
import { complain, type Complaint, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

interface Ending extends Complaint {
  readonly status: ExitStatus;
}

/**
 * Says on stderr why a command ends: one line, and what to do next. DOFS_DEBUG=1 adds the stack.
 * @returns the exit status
 */
export function endWith(error: unknown, terminal: Terminal): ExitStatus {
  if (error instanceof CommanderError && error.exitCode === 0) {
    // Help or the version, as asked for.
    return EXIT.ok;
  }
  const ending = endingOf(error);
  if (isCommandMissing(error) && !terminal.json) {
    // The help that was printed instead says what there is.
    return ending.status;
  }
  complain(terminal, ending);
  if (process.env['DOFS_DEBUG'] !== undefined && error instanceof Error) {
    terminal.stderr.write(`${error.stack}\n`);
  }
  return ending.status;
}

function isCommandMissing(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help';
}

function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    const message = isCommandMissing(error)
      ? 'no command is given'
      : error.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ');
    return { status: EXIT.usage, kind: 'usage', message, hint: 'see dofs --help' };
  }
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
