import { describeSamples, short } from '../measure/samples.ts';
import type { Soak } from '../measure/soak.ts';
import { orderTable } from './order-table.ts';
import { escape, linePlot, type Series } from './plot.ts';
import type { LoadResult } from './load.ts';
import type { BenchResult } from './run-bench.ts';

/** What "stored" means, for the page and the terminal. */
export const HOLDING_NOTE =
  'Orders stored: items of the table orders, counted when the first run began and when the last one had ended. It was ' +
  'filled up with fulfilled orders by writing them; executions, their logs and failed_orders hold only what was sent.';

/** The result as one HTML page that needs nothing beside itself. */
export function benchPage(result: BenchResult): string {
  const { load } = result;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>DOFS: benchmarks</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { padding: .25rem .75rem; border-bottom: 1px solid #e5e7eb; text-align: right; }
td:first-child, th:first-child { text-align: left; }
p.note { color: #555; }
svg { max-width: 100%; height: auto; }
</style>
<h1>DOFS: benchmarks</h1>
<p class="note">${escape(result.workflowType)} workflow, ${result.ordersOfARun} orders a run.<br>
Before: ${escape(result.machineBefore)}<br>After: ${escape(result.machineAfter)}</p>
<h2>Goals</h2>
${htmlTable(
  ['', 'goal', 'measured', ''],
  result.goals.map(({ name, goal, measured, reached }) => [
    name,
    goal,
    measured,
    reached ? 'reached' : 'not reached',
  ]),
)}
<h2>Orders a second through the whole local system</h2>
${plots(load)}
${loadTable(load)}
<p class="note">${escape(HOLDING_NOTE)}</p>
<p class="note">The ceilings are a warm server that does nothing, in a process of its own, measured right after each run: requests of the
same load client, and calls of an AWS SDK client, of which an order needs three.</p>
<h2>Memory under a load that stays the same</h2>
${soakPlot(result.soak)}
<p class="note">Resident memory of the whole system, read whenever a portion of the orders had ended. Most memory of all
runs: ${short(result.peakMb)} MB.</p>
<h2>Waiting times</h2>
${htmlTable(
  ['', 'median (least–most)'],
  [...result.startUp, ...result.slow].map((entry) => [entry.name, describeSamples(entry)]),
)}
<h2>Bundles</h2>
${htmlTable(
  ['function', 'kB', 'zipped kB', 'load over bare node', 'processor time over bare node'],
  result.bundles.map(({ app, bytes, zippedBytes, elapsedOverBareMs, processorOverBareMs }) => [
    app,
    short(bytes / 1000),
    short(zippedBytes / 1000),
    describeSamples(elapsedOverBareMs),
    describeSamples(processorOverBareMs),
  ]),
)}
<h2>What an order uses and costs</h2>
<pre>${escape(orderTable(result.orders))}</pre>
</html>
`;
}

function soakPlot({ clients, memory }: Soak): string {
  const points = memory.map(({ orders, residentMb: mb }) => ({ x: orders, y: mb, least: mb, most: mb }));
  return linePlot(
    { title: 'Memory of the whole system', xLabel: 'orders of the soak', yLabel: 'MB', scale: 'linear' },
    [{ name: `${clients} clients`, points }],
  );
}

function plots(load: readonly LoadResult[]): string {
  return `${linePlot(
    {
      title: 'Orders a second until the last had ended',
      xLabel: 'orders stored, at least',
      scale: 'logarithmic',
      yLabel: 'orders/s',
    },
    seriesBy(load, ({ finishedPerSecond: { median, least, most } }) => ({ y: median, least, most })),
  )}
${linePlot(
  {
    title: 'POST /order, median (bar: up to the 95th percentile)',
    xLabel: 'orders stored, at least',
    scale: 'logarithmic',
    yLabel: 'ms',
  },
  seriesBy(load, ({ latency }) => ({ y: latency.p50, least: latency.p50, most: latency.p95 })),
)}
${linePlot(
  {
    title: 'Memory of the whole system',
    xLabel: 'orders stored, at least',
    scale: 'logarithmic',
    yLabel: 'MB',
  },
  seriesBy(load, ({ residentMb }) => ({ y: residentMb, least: residentMb, most: residentMb })),
)}
${linePlot(
  {
    title: 'Processor time of the system for an order',
    xLabel: 'orders stored, at least',
    scale: 'logarithmic',
    yLabel: 'ms',
  },
  seriesBy(load, ({ processorMsAnOrder: { median, least, most } }) => ({ y: median, least, most })),
)}`;
}

function seriesBy(
  load: readonly LoadResult[],
  pointOf: (entry: LoadResult) => { readonly y: number; readonly least: number; readonly most: number },
): Series[] {
  return [...new Set(load.map(({ clients }) => clients))].map((clients) => ({
    name: clientsText(clients),
    points: load
      .filter((entry) => entry.clients === clients)
      .map((entry) => ({ x: entry.stored, ...pointOf(entry) })),
  }));
}

function loadTable(load: readonly LoadResult[]): string {
  return htmlTable(
    [
      'clients',
      'orders stored',
      'executions stored',
      'ended/s',
      'processor an order',
      'POST p50',
      'p95',
      'p99',
      'plain ceiling',
      'of it',
      'SDK ceiling',
      'of it',
      'memory',
    ],
    load.map(({ clients, before, after, latency, residentMb, ...entry }) => [
      String(clients),
      range(before.orders, after.orders),
      range(before.executions, after.executions),
      describeSamples(entry.finishedPerSecond),
      describeSamples(entry.processorMsAnOrder),
      `${short(latency.p50)} ms`,
      `${short(latency.p95)} ms`,
      `${short(latency.p99)} ms`,
      describeSamples(entry.plainCeiling),
      describeSamples(entry.ofPlainCeiling),
      describeSamples(entry.sdkCeiling),
      describeSamples(entry.ofSdkCeiling),
      `${short(residentMb)} MB`,
    ]),
  );
}

/** `1 client`, `50 clients` */
export function clientsText(clients: number): string {
  return clients === 1 ? '1 client' : `${clients} clients`;
}

/** `1,000–3,500` */
export function range(from: number, to: number): string {
  return `${from.toLocaleString('en-US')}–${to.toLocaleString('en-US')}`;
}

function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(header, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}
