import { latencies, type Latencies } from '@dofs/operations/statistics';
import { processorMs, residentMb, type MeasuredSystem } from '../measure/local-system.ts';
import type { NullServer } from '../measure/null-server.ts';
import { samples, type Samples } from '../measure/samples.ts';
import { sendOrders } from '../measure/send-orders.ts';

/** What the system holds. */
export interface Holding {
  /** Items of the table `orders`. */
  readonly orders: number;
  /** Executions, with their history and log lines: of the orders that were sent, and of no others. */
  readonly executions: number;
}

/** One setting of the load: clients at once, orders already stored. */
export interface LoadResult {
  readonly clients: number;
  /** Orders that were asked for; the table held as many at least. */
  readonly stored: number;
  /** What the system held when the first run began, and when the last one had ended. */
  readonly before: Holding;
  readonly after: Holding;
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
  /** Requests a second of the same client, and calls of an SDK client, to a warm server that does nothing. */
  readonly plainCeiling: Samples;
  readonly sdkCeiling: Samples;
  /** Orders that ended a second as a share of these, in percent, each run by the ceiling measured right after it. */
  readonly ofPlainCeiling: Samples;
  readonly ofSdkCeiling: Samples;
  /** Memory of the whole system after the runs, in MB. */
  readonly residentMb: number;
}

export interface LoadSetting {
  readonly clients: number;
  readonly stored: number;
  readonly before: Holding;
  readonly orders: number;
  readonly runs: number;
}

export async function measureLoad(
  system: MeasuredSystem,
  nullServer: NullServer,
  { clients, stored, before, orders, runs }: LoadSetting,
): Promise<LoadResult> {
  // One client waits for every answer: as many orders would take minutes.
  const count = clients === 1 ? Math.ceil(orders / 5) : orders;
  const measured: Run[] = [];
  for (let n = 0; n < runs; n += 1) {
    measured.push(await oneRun(system, nullServer, count, clients));
  }
  const latency = latencies(measured.flatMap((run) => run.latencies));
  if (latency === undefined) {
    throw new RangeError('no order was sent');
  }
  const of = (unit: string, value: (run: Run) => number) => samples(unit, measured.map(value));
  const sent = runs * count;
  return {
    clients,
    stored,
    before,
    after: { orders: before.orders + sent, executions: before.executions + sent },
    finishedPerSecond: of('orders/s', (run) => run.finishedPerSecond),
    acceptedPerSecond: of('orders/s', (run) => run.acceptedPerSecond),
    processorMsAnOrder: of('ms', (run) => run.processorMsAnOrder),
    latency,
    plainCeiling: of('requests/s', (run) => run.plainPerSecond),
    sdkCeiling: of('calls/s', (run) => run.sdkPerSecond),
    ofPlainCeiling: of('%', (run) => (100 * run.finishedPerSecond) / run.plainPerSecond),
    ofSdkCeiling: of('%', (run) => (100 * run.finishedPerSecond) / run.sdkPerSecond),
    residentMb: residentMb(system.pid),
  };
}

type Run = Awaited<ReturnType<typeof oneRun>>;

async function oneRun(system: MeasuredSystem, nullServer: NullServer, count: number, clients: number) {
  const processorBefore = processorMs(system.pid);
  const sent = await sendOrders(system, count, clients);
  const processorMsAnOrder = (processorMs(system.pid) - processorBefore) / count;
  return { ...sent, processorMsAnOrder, ...(await nullServer.measure(count, clients)) };
}
