import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command-context.ts';
import { UsageError } from './usage-error.ts';

/**
 * Asks on the terminal; only y or yes is a yes, and Ctrl-D is a no.
 * @throws UsageError where nobody can answer
 */
export async function confirmed({ terminal, stop }: CommandContext, question: string): Promise<boolean> {
  if (!terminal.stdin.isTTY) {
    throw new UsageError('this needs a yes, and there is no terminal to ask: pass --yes');
  }
  const dialogue = createInterface({ input: terminal.stdin, output: terminal.stderr });
  // Readline takes Ctrl-C for itself; here it means the same as everywhere.
  dialogue.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // Ctrl-D closes the dialogue, and its question then waits for ever.
  const ended = new Promise<undefined>((resolve) => {
    dialogue.once('close', () => resolve(undefined));
  });
  try {
    const answer = await Promise.race([dialogue.question(`${question} [y/N] `, { signal: stop }), ended]);
    if (answer === undefined) {
      terminal.stderr.write('\n');
      return false;
    }
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    dialogue.close();
  }
}
