import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeSamples, short } from '../measure/samples.ts';
import { parseOptions, UsageError, USAGE, type BenchOptions } from './options.ts';
import { orderTable } from './order-table.ts';
import { benchPage } from './page.ts';
import { runBench, type BenchResult } from './run-bench.ts';

function report(result: BenchResult): string {
  return [
    ...result.bundles.map(
      ({ app, zippedBytes, fastestOverBareMs, processorOverBareMs }) =>
        `${app}: ${short(zippedBytes / 1000)} kB zipped, loads in ${short(fastestOverBareMs)} ms over bare node at best, processor ${describeSamples(processorOverBareMs)}`,
    ),
    '',
    ...[...result.startUp, ...result.slow].map((entry) => `${entry.name}: ${describeSamples(entry)}`),
    '',
    ...result.load.map(
      ({ clients, stored, finishedPerSecond, processorMsAnOrder, latency, residentMb }) =>
        `${clients} clients, ${stored} stored: ${describeSamples(finishedPerSecond)}; processor ${describeSamples(processorMsAnOrder)} an order; POST p50 ${short(latency.p50)} ms, p95 ${short(latency.p95)} ms; ${short(residentMb)} MB`,
    ),
    '',
    orderTable(result.orders),
    '',
    `before: ${result.machineBefore}`,
    `after:  ${result.machineAfter}`,
  ].join('\n');
}

async function main(options: BenchOptions): Promise<void> {
  const result = await runBench(options, (step) => process.stderr.write(`${step}\n`));
  const outDir = resolve(options.outDir);
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, 'bench.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(outDir, 'bench.html'), benchPage(result));
  process.stdout.write(`${report(result)}\n\n${join(outDir, 'bench.html')}\n`);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
  } else {
    await main(options);
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
