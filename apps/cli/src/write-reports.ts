import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { TestReport } from './commands/test.ts';
import { complain, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/**
 * Checks the report files before a long test begins.
 * @throws UsageError for another kind than .html or .json, and where a file can't be written
 */
export function checkedReportFiles(files: readonly string[]): void {
  for (const file of files) {
    if (!['.html', '.json'].includes(extname(file))) {
      throw new UsageError(`--report ${file}: the name must end in .html or .json`);
    }
    const why = whyNotWritable(file);
    if (why !== undefined) {
      throw new UsageError(`--report ${file}: ${why}`);
    }
  }
}

/** Looks without touching: a test that ends early shall leave no empty file behind. */
function whyNotWritable(file: string): string | undefined {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    return `there is no folder ${folder}`;
  }
  if (existsSync(file) && !statSync(file).isFile()) {
    return 'it is no file';
  }
  try {
    accessSync(existsSync(file) ? file : folder, constants.W_OK);
    return undefined;
  } catch {
    return `you may not write ${existsSync(file) ? 'this file' : `into ${folder}`}`;
  }
}

/**
 * Writes each report in the format that its name asks for. One that can't be written after all is said on standard
 * error and changes nothing else: the test has its verdict.
 */
export async function writeReports(
  terminal: Terminal,
  report: TestReport,
  files: readonly string[],
): Promise<void> {
  for (const file of files) {
    const { htmlReport } = await import('./html-report.ts');
    const text = extname(file) === '.html' ? htmlReport(report) : JSON.stringify(report, undefined, 2);
    try {
      writeFileSync(file, `${text}\n`);
    } catch (error) {
      complain(terminal, {
        kind: 'usage',
        message: `--report ${file} was not written: ${error instanceof Error ? error.message : String(error)}`,
        hint: '',
      });
    }
  }
}
