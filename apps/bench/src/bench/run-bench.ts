import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAMBDA_ENVIRONMENTS } from '@dofs/lambda-kit/environment';
import { measureBundles, type BundleLoad } from '../measure/bundle-load.ts';
import { fillTable } from '../measure/fill-table.ts';
import { peakMb, startSystem, type MeasuredSystem } from '../measure/local-system.ts';
import { machineState } from '../measure/machine.ts';
import { startNullServer, type NullServer } from '../measure/null-server.ts';
import { runCommand } from '../measure/run-command.ts';
import type { NamedSamples } from '../measure/samples.ts';
import { sendOrders } from '../measure/send-orders.ts';
import { soak, type Soak } from '../measure/soak.ts';
import { goalsOf, type Goal } from './goals.ts';
import { measureLoad, type LoadResult } from './load.ts';
import { metered, type MeteredOrders } from './metered-orders.ts';
import type { BenchOptions } from './options.ts';
import { clientsText } from './page.ts';
import { slowMeasurements } from './slow-measurements.ts';
import { measureStart } from './start-up.ts';

export interface BenchResult {
  readonly goals: readonly Goal[];
  readonly machineBefore: string;
  readonly machineAfter: string;
  readonly workflowType: string;
  readonly ordersOfARun: number;
  readonly startUp: readonly NamedSamples[];
  readonly bundles: readonly BundleLoad[];
  readonly load: readonly LoadResult[];
  readonly soak: Soak;
  readonly peakMb: number;
  readonly orders: MeteredOrders;
  readonly slow: readonly NamedSamples[];
}

/** What is measured on one running system. */
type SystemResult = Pick<BenchResult, 'load' | 'soak' | 'peakMb' | 'orders'>;

const METERED_ORDERS = 200;

/**
 * @param progress told what is measured now
 * @param signal ends the measurement and everything that it started
 */
export async function runBench(
  options: BenchOptions,
  progress: (step: string) => void,
  signal: AbortSignal,
): Promise<BenchResult> {
  const machineBefore = machineState();
  progress('building the bundles that are out of date');
  await runCommand(process.execPath, ['tools/build-lambdas.ts', '--stale'], {}, signal);
  progress('loading the bundles');
  const bundles = await measureBundles(Object.keys(LAMBDA_ENVIRONMENTS), options.runs * 2 + 1, signal);
  progress('starting the system');
  const startUp = await measureStart(options.runs, signal);
  const measured = await measureSystem(options, progress, signal);
  // With nothing of ours running beside them any more.
  const slow = options.slow ? await slowMeasurements(options.runs, progress, signal) : [];
  const result = {
    machineBefore,
    machineAfter: machineState(),
    workflowType: options.workflowType,
    ordersOfARun: options.orders,
    startUp,
    bundles,
    ...measured,
    slow,
  };
  return { goals: goalsOf(result), ...result };
}

async function measureSystem(
  options: BenchOptions,
  progress: (step: string) => void,
  signal: AbortSignal,
): Promise<SystemResult> {
  // On disk, as npm start has it by default: memory then shows what the system needs, not what it stores.
  const dataDir = mkdtempSync(join(tmpdir(), 'dofs-bench-'));
  try {
    const system = await startSystem({
      args: ['--data-dir', dataDir],
      settings: {
        DOFS_WORKFLOW_TYPE: options.workflowType,
        // The stage's own throttling would be what is measured.
        DOFS_THROTTLING_RATE_LIMIT: '10000',
        DOFS_THROTTLING_BURST_LIMIT: '5000',
      },
      signal,
    });
    try {
      return await measureRunning(system, options, progress, signal);
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureRunning(
  system: MeasuredSystem,
  options: BenchOptions,
  progress: (step: string) => void,
  signal: AbortSignal,
): Promise<SystemResult> {
  progress('warming up');
  const nullServer = await startNullServer();
  try {
    await sendOrders(system, options.orders, 10);
    const orders = await metered(system, METERED_ORDERS);
    const sent = options.orders + METERED_ORDERS;
    const load = await measureLoads(system, nullServer, sent, options, progress, signal);
    progress(`soak of ${options.soak} orders`);
    return { orders, load, soak: await soak(system, options.soak), peakMb: peakMb(system.pid) };
  } finally {
    nullServer.stop();
  }
}

/** @param sentBefore orders that were sent to the system before */
async function measureLoads(
  system: MeasuredSystem,
  nullServer: NullServer,
  sentBefore: number,
  { clients: clientCounts, orders, runs, stored: fillings }: BenchOptions,
  progress: (step: string) => void,
  signal: AbortSignal,
): Promise<LoadResult[]> {
  const load: LoadResult[] = [];
  let executions = sentBefore;
  for (const stored of fillings) {
    progress(`filling the table up to ${stored} orders`);
    let holding = { orders: await fillTable(system, stored), executions };
    // The most clients first: their runs, which the goals are about, meet the number of orders that was asked for.
    for (const clients of clientCounts.toSorted((one, other) => other - one)) {
      signal.throwIfAborted();
      progress(`${clientsText(clients)}, ${holding.orders} orders stored`);
      const result = await measureLoad(system, nullServer, {
        clients,
        stored,
        before: holding,
        orders,
        runs,
      });
      load.push(result);
      holding = result.after;
    }
    executions = holding.executions;
  }
  return load;
}
