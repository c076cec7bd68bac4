import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { faultRows, faultTable } from './report.ts';
import { runChaos, type ChaosOptions, type ChaosResult, type Progress } from './run-chaos.ts';

const USAGE = `Sends orders to a local system under every fault that it promises to survive, kills it on the way,
and audits what it holds against the answers that the client got.

Usage: npm run chaos -- [options]

  --orders N        orders to send (default: 2000)
  --seed N          the same seed gives the same orders and hits the same orders with the same faults (default: 7)
  --concurrency N   orders sent at once (default: 20)
  --restarts N      kills of the whole system on the way (default: 20)
  --outage N        DynamoDB refuses every write for N seconds (default: 0; goes with --restarts 0, as the
                    outage begins anew with each start)
  --express         run the workflow as EXPRESS
  --json            the result as JSON
  --help            this text

Exit status: 0 no violation; 1 a violation, or the run failed; 2 wrong usage.`;

function parse(argv: readonly string[]): { options: ChaosOptions; json: boolean } | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      orders: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '7' },
      concurrency: { type: 'string', default: '20' },
      restarts: { type: 'string', default: '20' },
      outage: { type: 'string', default: '0' },
      express: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return 'help';
  }
  const number = (option: 'orders' | 'seed' | 'concurrency' | 'restarts' | 'outage', least: number) => {
    const value = Number(values[option]);
    if (!Number.isInteger(value) || value < least) {
      throw new TypeError(`--${option} ${values[option]}: give a whole number of at least ${least}`);
    }
    return value;
  };
  return {
    options: {
      orders: number('orders', 1),
      seed: number('seed', 0),
      concurrency: number('concurrency', 1),
      restarts: number('restarts', 0),
      outageSeconds: number('outage', 0),
      express: values.express,
    },
    json: values.json,
  };
}

function progressBar(): { progress: Progress; stop: () => void } {
  const bar = new SingleBar({
    format: '{bar} {percentage}% {stage}',
    stream: process.stderr,
    noTTYOutput: false,
  });
  bar.start(1, 0, { stage: '' });
  return { progress: (stage, share) => bar.update(share, { stage }), stop: () => bar.stop() };
}

function report(options: ChaosOptions, result: ChaosResult, seconds: number): string {
  const { faults, injected, outside, violations, state } = result;
  const count = (status: string) => state.orders.filter((order) => order.status === status).length;
  return [
    faultTable(faultRows(faults, injected, outside, violations)),
    '',
    `${options.orders} orders, seed ${options.seed}, ${seconds.toFixed(0)} s: ${count('FULFILLED')} FULFILLED, ${count('FAILED')} FAILED, ${violations.length} violations`,
    ...violations.slice(0, 50).map(({ promise, orderId, detail }) => `  ${promise}: ${orderId} ${detail}`),
  ].join('\n');
}

async function main(): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`chaos: ${(error as Error).message}\n`);
    return 2;
  }
  if (parsed === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const { options, json } = parsed;
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort(new Error('stopped by Ctrl-C')));
  const { progress, stop } = progressBar();
  const begun = performance.now();
  const result = await runChaos(options, progress, abort.signal).finally(stop);
  const seconds = (performance.now() - begun) / 1_000;
  process.stdout.write(
    `${json ? JSON.stringify({ options, ...result }) : report(options, result, seconds)}\n`,
  );
  return result.violations.length === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
