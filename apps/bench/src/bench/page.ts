import { describeSamples, short } from '../measure/samples.ts';
import { orderTable } from './order-table.ts';
import { escape, linePlot, type Series } from './plot.ts';
import type { BenchResult, LoadResult } from './run-bench.ts';

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
<h2>Orders a second through the whole local system</h2>
${plots(load)}
${loadTable(load)}
<p class="note">The ceilings are a server that does nothing, in a process of its own, measured next to each run: requests of the
same load client, and calls of an AWS SDK client. Most memory of the run: ${short(result.peakMb)} MB.</p>
<h2>Waiting times</h2>
${htmlTable(
  ['', 'median (least–most)'],
  [...result.startUp, ...result.slow].map((entry) => [entry.name, describeSamples(entry)]),
)}
<h2>Bundles</h2>
${htmlTable(
  ['function', 'kB', 'zipped kB', 'fastest load over bare node', 'processor time over bare node'],
  result.bundles.map(({ app, bytes, zippedBytes, fastestOverBareMs, processorOverBareMs }) => [
    app,
    short(bytes / 1000),
    short(zippedBytes / 1000),
    `${short(fastestOverBareMs)} ms`,
    describeSamples(processorOverBareMs),
  ]),
)}
<h2>What an order uses and costs</h2>
<pre>${escape(orderTable(result.orders))}</pre>
</html>
`;
}

function plots(load: readonly LoadResult[]): string {
  return `${linePlot(
    {
      title: 'Orders a second until the last had ended',
      xLabel: 'orders already stored',
      yLabel: 'orders/s',
    },
    seriesBy(load, ({ finishedPerSecond: { median, least, most } }) => ({ y: median, least, most })),
  )}
${linePlot(
  {
    title: 'POST /order, median (bar: up to the 95th percentile)',
    xLabel: 'orders already stored',
    yLabel: 'ms',
  },
  seriesBy(load, ({ latency }) => ({ y: latency.p50, least: latency.p50, most: latency.p95 })),
)}
${linePlot(
  { title: 'Memory of the whole system', xLabel: 'orders already stored', yLabel: 'MB' },
  seriesBy(load, ({ residentMb }) => ({ y: residentMb, least: residentMb, most: residentMb })),
)}
${linePlot(
  { title: 'Processor time of the system for an order', xLabel: 'orders already stored', yLabel: 'ms' },
  seriesBy(load, ({ processorMsAnOrder: { median, least, most } }) => ({ y: median, least, most })),
)}`;
}

function seriesBy(
  load: readonly LoadResult[],
  pointOf: (entry: LoadResult) => { readonly y: number; readonly least: number; readonly most: number },
): Series[] {
  return [...new Set(load.map(({ clients }) => clients))].map((clients) => ({
    name: clients === 1 ? '1 client' : `${clients} clients`,
    points: load
      .filter((entry) => entry.clients === clients)
      .map((entry) => ({ x: entry.stored, ...pointOf(entry) })),
  }));
}

function loadTable(load: readonly LoadResult[]): string {
  return htmlTable(
    [
      'clients',
      'stored',
      'ended/s',
      'processor an order',
      'POST p50',
      'p95',
      'p99',
      'of plain ceiling',
      'of SDK ceiling',
      'memory',
    ],
    load.map(({ clients, stored, latency, ofPlainCeiling, ofSdkCeiling, residentMb, ...entry }) => [
      String(clients),
      stored.toLocaleString('en-US'),
      describeSamples(entry.finishedPerSecond),
      describeSamples(entry.processorMsAnOrder),
      `${short(latency.p50)} ms`,
      `${short(latency.p95)} ms`,
      `${short(latency.p99)} ms`,
      `${short(ofPlainCeiling * 100)} %`,
      `${short(ofSdkCeiling * 100)} %`,
      `${short(residentMb)} MB`,
    ]),
  );
}

function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(header, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}
