import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultConfigError, parseFaultConfig, type FaultConfig } from '@dofs/local-aws/faults/fault-rules';
import { StartError } from './usage-error.ts';

/**
 * Reads the file that `--faults` names.
 * @throws StartError
 */
export function readFaultsFile(path: string): FaultConfig {
  try {
    return parseFaultConfig(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof FaultConfigError) {
      throw new StartError(`--faults ${path}: ${error.message}`);
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`--faults ${path}: can't be read (${code ?? String(error)})`);
  }
}

/** Writes injected faults down one by one, so that a report can count them even if the system is killed. */
export function faultJournal(
  workDir: string,
): (fault: { rule: string; subject: string; call: string }) => void {
  const file = join(workDir, 'faults.jsonl');
  return (fault) => appendFileSync(file, `${JSON.stringify(fault)}\n`);
}
