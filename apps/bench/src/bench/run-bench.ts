import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latencies, type Latencies } from '@dofs/operations/statistics';
import { measureBundles, type BundleLoad } from '../measure/bundle-load.ts';
import { fillTable } from '../measure/fill-table.ts';
import {
  peakMb,
  processorMs,
  residentMb,
  startSystem,
  type MeasuredSystem,
} from '../measure/local-system.ts';
import { machineState } from '../measure/machine.ts';
import { measureCeiling } from '../measure/null-server.ts';
import { samples, type Samples } from '../measure/samples.ts';
import { sendOrders } from '../measure/send-orders.ts';
import { metered, type MeteredOrders } from './metered-orders.ts';
import type { BenchOptions } from './options.ts';
import { slowMeasurements, type NamedSamples } from './slow-measurements.ts';

/** One setting of the load: clients at once, orders already stored. */
export interface LoadResult {
  readonly clients: number;
  readonly stored: number;
  /** Orders a second until the last had ended, and until the last was accepted. */
  readonly finishedPerSecond: Samples;
  readonly acceptedPerSecond: Samples;
  /**
   * Processor time that the system spends on an order, the client apart: unlike rates it says much the same on a
   * machine that is busy with something else.
   */
  readonly processorMsAnOrder: Samples;
  /** Milliseconds of POST, over all runs. */
  readonly latency: Latencies;
  /** Share of what a client and an SDK client reach against a server that does nothing, measured next to it. */
  readonly ofPlainCeiling: number;
  readonly ofSdkCeiling: number;
  /** Memory of the whole system after the runs, in MB. */
  readonly residentMb: number;
}

export interface BenchResult {
  readonly machineBefore: string;
  readonly machineAfter: string;
  readonly workflowType: string;
  readonly ordersOfARun: number;
  readonly startUp: readonly NamedSamples[];
  readonly bundles: readonly BundleLoad[];
  readonly load: readonly LoadResult[];
  readonly peakMb: number;
  readonly orders: MeteredOrders;
  readonly slow: readonly NamedSamples[];
}

/** @param progress told what is measured now */
export async function runBench(
  options: BenchOptions,
  progress: (step: string) => void,
): Promise<BenchResult> {
  const machineBefore = machineState();
  progress('loading the bundles');
  const bundles = measureBundles(options.runs * 2 + 1);
  progress('starting the system');
  const startUp = await measureStart(options.runs);
  // On disk, as npm start has it by default: memory then shows what the system needs, not what it stores.
  const dataDir = mkdtempSync(join(tmpdir(), 'dofs-bench-'));
  const system = await startSystem(['--data-dir', dataDir], {
    DOFS_WORKFLOW_TYPE: options.workflowType,
    // The stage's own throttling would be what is measured.
    DOFS_THROTTLING_RATE_LIMIT: '10000',
    DOFS_THROTTLING_BURST_LIMIT: '5000',
  });
  try {
    progress('warming up');
    await sendOrders(system, options.orders, 10);
    const orders = await metered(system, 200);
    const load: LoadResult[] = [];
    let stored = 0;
    for (const wanted of options.stored) {
      progress(`storing ${wanted} orders`);
      await fillTable(system, stored, wanted);
      stored = wanted;
      for (const clients of options.clients) {
        progress(`${clients} clients, ${wanted} orders stored`);
        load.push(await measureLoad(system, options, clients, stored));
      }
    }
    return {
      machineBefore,
      machineAfter: machineState(),
      workflowType: options.workflowType,
      ordersOfARun: options.orders,
      startUp,
      bundles,
      load,
      peakMb: peakMb(system.pid),
      orders,
      slow: options.slow ? slowMeasurements(options.runs, progress) : [],
    };
  } finally {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureStart(runs: number): Promise<NamedSamples[]> {
  const [started, accepted]: [number[], number[]] = [[], []];
  for (let n = 0; n < runs; n += 1) {
    const system = await startSystem(['--ephemeral']);
    started.push(system.startMs);
    await sendOrders(system, 1, 1);
    accepted.push(performance.now() - system.startedAt);
    await system.stop();
  }
  return [
    { name: 'npm start until it says that it runs', ...samples('ms', started) },
    { name: 'npm start until its first order has ended', ...samples('ms', accepted) },
  ];
}

async function measureLoad(
  system: MeasuredSystem,
  { orders, runs }: BenchOptions,
  clients: number,
  stored: number,
): Promise<LoadResult> {
  const finished: number[] = [];
  const accepted: number[] = [];
  const processor: number[] = [];
  const times: number[] = [];
  const ceilings: { plain: number[]; sdk: number[] } = { plain: [], sdk: [] };
  // One client waits for every answer: as many orders would take minutes.
  const count = clients === 1 ? Math.ceil(orders / 5) : orders;
  for (let n = 0; n < runs; n += 1) {
    const processorBefore = processorMs(system.pid);
    const sent = await sendOrders(system, count, clients);
    processor.push((processorMs(system.pid) - processorBefore) / count);
    finished.push(sent.finishedPerSecond);
    accepted.push(sent.acceptedPerSecond);
    times.push(...sent.latencies);
    const ceiling = await measureCeiling(count, clients);
    ceilings.plain.push(ceiling.plainPerSecond);
    ceilings.sdk.push(ceiling.sdkPerSecond);
  }
  const latency = latencies(times);
  if (latency === undefined) {
    throw new RangeError('no order was sent');
  }
  const finishedPerSecond = samples('orders/s', finished);
  return {
    clients,
    stored,
    finishedPerSecond,
    acceptedPerSecond: samples('orders/s', accepted),
    processorMsAnOrder: samples('ms', processor),
    latency,
    ofPlainCeiling: finishedPerSecond.median / samples('', ceilings.plain).median,
    ofSdkCeiling: finishedPerSecond.median / samples('', ceilings.sdk).median,
    residentMb: residentMb(system.pid),
  };
}
