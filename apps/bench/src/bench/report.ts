import { describeSamples, short } from '../measure/samples.ts';
import { table } from '../table.ts';
import type { LoadResult } from './load.ts';
import { orderTable } from './order-table.ts';
import { clientsText, HOLDING_NOTE, range } from './page.ts';
import type { BenchResult } from './run-bench.ts';

/** The result as text for a terminal. */
export function benchReport(result: BenchResult): string {
  return [
    ...result.bundles.map(
      ({ app, zippedBytes, elapsedOverBareMs, processorOverBareMs }) =>
        `${app}: ${short(zippedBytes / 1000)} kB zipped, over bare node ${describeSamples(elapsedOverBareMs)}, processor ${describeSamples(processorOverBareMs)}`,
    ),
    '',
    ...[...result.startUp, ...result.slow].map((entry) => `${entry.name}: ${describeSamples(entry)}`),
    '',
    ...result.load.flatMap(loadLines),
    HOLDING_NOTE,
    '',
    orderTable(result.orders),
    '',
    table(
      ['goal', 'must be', 'measured', ''],
      result.goals.map(({ name, goal, measured, reached }) => [
        name,
        goal,
        measured,
        reached ? 'reached' : 'NOT reached',
      ]),
    ),
    '',
    `before: ${result.machineBefore}`,
    `after:  ${result.machineAfter}`,
  ].join('\n');
}

function loadLines({ clients, before, after, latency, residentMb, ...entry }: LoadResult): string[] {
  return [
    `${clientsText(clients)}, ${range(before.orders, after.orders)} orders and ${range(before.executions, after.executions)} executions stored:`,
    `  ${describeSamples(entry.finishedPerSecond)}; processor ${describeSamples(entry.processorMsAnOrder)} an order`,
    `  POST p50 ${short(latency.p50)} ms, p95 ${short(latency.p95)} ms; memory ${short(residentMb)} MB`,
    `  ${describeSamples(entry.ofPlainCeiling)} of a server that does nothing, at ${describeSamples(entry.plainCeiling)}`,
    `  ${describeSamples(entry.ofSdkCeiling)} of an SDK client against it, at ${describeSamples(entry.sdkCeiling)}`,
  ];
}
