import type { Violation } from './audit.ts';
import type { FaultFile } from './fault-set.ts';

/** One fault as the local system wrote it down when it injected it. */
export interface InjectedFault {
  readonly rule: string;
  readonly subject: string;
}

/** A fault that the run brought about from outside: a kill of the whole system, a message put into the queue. */
export interface OutsideFault {
  readonly name: string;
  readonly times: number;
  /** The orders, or messages, that it hit. */
  readonly subjects: readonly string[];
}

export interface FaultRow {
  readonly fault: string;
  readonly injected: number;
  readonly ordersHit: number;
  readonly violations: number;
}

/**
 * A row a fault: times injected, orders hit, and violations among those orders; at last a row of the violations
 * that no fault explains, if there are any.
 */
export function faultRows(
  faults: FaultFile,
  injected: readonly InjectedFault[],
  outside: readonly OutsideFault[],
  violations: readonly Violation[],
): FaultRow[] {
  const rowOf = (fault: string, times: number, subjects: ReadonlySet<string>): FaultRow => ({
    fault,
    injected: times,
    ordersHit: subjects.size,
    violations: violations.filter(({ orderId }) => subjects.has(orderId)).length,
  });
  const hit = new Set([
    ...injected.map(({ subject }) => subject),
    ...outside.flatMap(({ subjects }) => subjects),
  ]);
  const unexplained = violations.filter(({ orderId }) => !hit.has(orderId)).length;
  return [
    ...faults.rules.map(({ name }) => {
      const hits = injected.filter(({ rule }) => rule === name);
      return rowOf(String(name), hits.length, new Set(hits.map(({ subject }) => subject)));
    }),
    ...outside.map(({ name, times, subjects }) => rowOf(name, times, new Set(subjects))),
    ...(unexplained === 0
      ? []
      : [{ fault: 'hit by no fault', injected: 0, ordersHit: 0, violations: unexplained }]),
  ];
}

/** The rows as a table for people. */
export function faultTable(rows: readonly FaultRow[]): string {
  const header = ['fault', 'injected', 'orders hit', 'violations'];
  const cells = rows.map((row) => [row.fault, ...[row.injected, row.ordersHit, row.violations].map(String)]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
