import type { Target } from '@dofs/operations/target';
import type { ExitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Finds the system that the command is about. @throws OperationError */
  readonly target: () => Promise<Target>;
  /** Aborted by Ctrl-C. A command that never asks for it ends at once, as any program does. */
  readonly stop: AbortSignal;
}

/** A command: its arguments as words, its options by name. */
export type CommandAction<Options> = (
  context: CommandContext,
  args: readonly string[],
  options: Options,
) => Promise<ExitStatus>;
