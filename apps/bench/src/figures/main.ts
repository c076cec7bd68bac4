/**
 * Prints the figures that the local system promises to whoever tries it: how soon it accepts an order, how soon a
 * batch of orders ends, how much memory it takes. Kept in memory (`--ephemeral`); `npm run bench` measures it on disk.
 */
import { firstOrder } from '../measure/first-order.ts';
import { machineState } from '../measure/machine.ts';
import { startSystem, peakMb, residentMb } from '../measure/local-system.ts';
import { sendOrders } from '../measure/send-orders.ts';
import { samples, describeSamples, type Samples } from '../measure/samples.ts';
import { exitWith, stopSignal } from '../measure/stop-signal.ts';
import { table } from '../table.ts';

const RUNS = 3;
const ORDERS = 60;
const CONCURRENCY = 5;

interface Run {
  readonly startMs: number;
  readonly firstOrderMs: number;
  readonly batchMs: number;
  readonly residentMb: number;
  readonly peakMb: number;
}

async function run(signal: AbortSignal): Promise<Run> {
  const system = await startSystem({ args: ['--ephemeral'], signal });
  try {
    // Until it has ended, so that the batch meets a system at rest.
    const { acceptedMs } = await firstOrder(system);
    const { finishedPerSecond } = await sendOrders(system, ORDERS, CONCURRENCY);
    return {
      startMs: system.startMs,
      firstOrderMs: acceptedMs,
      batchMs: (ORDERS * 1000) / finishedPerSecond,
      residentMb: residentMb(system.pid),
      peakMb: peakMb(system.pid),
    };
  } finally {
    await system.stop();
  }
}

async function main(signal: AbortSignal): Promise<void> {
  const runs: Run[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    process.stderr.write(`run ${n + 1} of ${RUNS}\n`);
    runs.push(await run(signal));
  }
  const of = (unit: string, value: (run: Run) => number): Samples => samples(unit, runs.map(value));
  const rows: [string, Samples, string][] = [
    ['npm start until it says that it runs', of('ms', (one) => one.startMs), ''],
    ['npm start until the first accepted order', of('ms', (one) => one.firstOrderMs), '3,000 ms'],
    [
      `${ORDERS} orders at concurrency ${CONCURRENCY}, all ended`,
      of('ms', (one) => one.batchMs),
      '10,000 ms',
    ],
    ['memory of the whole system after that', of('MB', (one) => one.residentMb), '700 MB'],
    ['the most memory it had', of('MB', (one) => one.peakMb), '700 MB'],
  ];
  process.stdout.write(
    `${table(
      ['figure (state in memory)', 'median (least–most)', 'must be under'],
      rows.map(([name, values, limit]) => [name, describeSamples(values), limit]),
    )}\n\n${machineState()}\n`,
  );
}

const signal = stopSignal();
await main(signal).catch((error: unknown) => exitWith('figures', error, signal));
