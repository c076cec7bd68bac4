import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitWith, stopSignal } from '../measure/stop-signal.ts';
import { parseOptions, USAGE } from './options.ts';
import { benchPage } from './page.ts';
import { benchReport } from './report.ts';
import { runBench } from './run-bench.ts';

async function main(signal: AbortSignal): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const result = await runBench(options, (step) => process.stderr.write(`${step}\n`), signal);
  const outDir = resolve(options.outDir);
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, 'bench.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(outDir, 'bench.html'), benchPage(result));
  process.stdout.write(`${benchReport(result)}\n\n${join(outDir, 'bench.html')}\n`);
}

const signal = stopSignal();
await main(signal).catch((error: unknown) => exitWith('bench', error, signal));
