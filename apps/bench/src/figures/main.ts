/**
 * Prints the figures that the local system promises: how soon it accepts an order, how soon a batch of orders ends,
 * how much memory it takes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { httpClient } from '../measure/http-client.ts';
import { machineState } from '../measure/machine.ts';
import { startSystem, peakMb, residentMb, type MeasuredSystem } from '../measure/local-system.ts';
import { orderBody, sendOrders } from '../measure/send-orders.ts';
import { samples, describeSamples, type Samples } from '../measure/samples.ts';
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

async function firstOrder({ apiUrl, startedAt }: MeasuredSystem): Promise<number> {
  const client = httpClient(1);
  const { status, text } = await client.send('POST', `${apiUrl}/order`, orderBody(0));
  client.close();
  if (status !== 200) {
    throw new Error(`the first order got ${status} ${text}`);
  }
  return performance.now() - startedAt;
}

async function run(): Promise<Run> {
  const system = await startSystem(['--ephemeral']);
  try {
    const firstOrderMs = await firstOrder(system);
    // The first order on its own, so that the batch meets a system at rest.
    await pause(500);
    const { finishedPerSecond } = await sendOrders(system, ORDERS, CONCURRENCY);
    return {
      startMs: system.startMs,
      firstOrderMs,
      batchMs: (ORDERS * 1000) / finishedPerSecond,
      residentMb: residentMb(system.pid),
      peakMb: peakMb(system.pid),
    };
  } finally {
    await system.stop();
  }
}

const runs: Run[] = [];
for (let n = 0; n < RUNS; n += 1) {
  runs.push(await run());
}
const of = (unit: string, value: (run: Run) => number): Samples => samples(unit, runs.map(value));
const rows: [string, Samples, string][] = [
  ['npm start until it says that it runs', of('ms', (one) => one.startMs), ''],
  ['npm start until the first accepted order', of('ms', (one) => one.firstOrderMs), '3,000 ms'],
  [`${ORDERS} orders at concurrency ${CONCURRENCY}, all ended`, of('ms', (one) => one.batchMs), '10,000 ms'],
  ['memory of the whole system after that', of('MB', (one) => one.residentMb), '700 MB'],
  ['the most memory it had', of('MB', (one) => one.peakMb), '700 MB'],
];
process.stdout.write(
  `${table(
    ['figure', 'median (least–most)', 'must be under'],
    rows.map(([name, values, limit]) => [name, describeSamples(values), limit]),
  )}\n\n${machineState()}\n`,
);
