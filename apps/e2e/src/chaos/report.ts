import type { Violation } from './audit.ts';
import type { FaultFile } from './fault-set.ts';

/** One fault as the local system wrote it down when it injected it. */
export interface InjectedFault {
  readonly rule: string;
  readonly subject: string;
}

export interface FaultRow {
  readonly fault: string;
  readonly injected: number;
  readonly ordersHit: number;
  readonly violations: number;
}

/** A row a fault: times injected, orders hit, and violations among those orders. */
export function faultRows(
  faults: FaultFile,
  injected: readonly InjectedFault[],
  restarts: number,
  violations: readonly Violation[],
): FaultRow[] {
  const rows = faults.rules.map(({ name }) => {
    const hits = injected.filter(({ rule }) => rule === name);
    const subjects = new Set(hits.map(({ subject }) => subject));
    return {
      fault: String(name),
      injected: hits.length,
      ordersHit: subjects.size,
      violations: violations.filter(({ orderId }) => subjects.has(orderId)).length,
    };
  });
  const untouched = violations.filter(
    ({ orderId }) => !injected.some(({ subject }) => subject === orderId),
  ).length;
  return [
    ...rows,
    { fault: 'whole system killed (kill -9)', injected: restarts, ordersHit: 0, violations: untouched },
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
