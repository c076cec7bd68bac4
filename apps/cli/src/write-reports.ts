import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { TestReport } from './commands/test.ts';
import { UsageError } from './usage-error.ts';

/**
 * Checks the names of report files before a long test begins.
 * @throws UsageError for another kind than .html or .json
 */
export function checkedReportFiles(files: readonly string[]): void {
  for (const file of files) {
    if (!['.html', '.json'].includes(extname(file))) {
      throw new UsageError(`--report ${file}: the name must end in .html or .json`);
    }
  }
}

/** Writes each report in the format that its name asks for. @throws UsageError where it can't be written */
export async function writeReports(report: TestReport, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const { htmlReport } = await import('./html-report.ts');
    const text = extname(file) === '.html' ? htmlReport(report) : JSON.stringify(report, undefined, 2);
    try {
      writeFileSync(file, `${text}\n`);
    } catch (error) {
      throw new UsageError(`--report ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
