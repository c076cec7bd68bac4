import { residentMb, type MeasuredSystem } from './local-system.ts';
import { sendOrders } from './send-orders.ts';
import { slopeOf, type Slope } from './slope.ts';

/** Memory of the whole system under a load that stays the same. */
export interface Soak {
  readonly clients: number;
  readonly memory: readonly MemorySample[];
  /** MB per 1,000 orders over the second half of the orders; undefined where too few samples were taken. */
  readonly growth: Slope | undefined;
}

export interface MemorySample {
  /** Orders that had ended, and seconds, since the soak began. */
  readonly orders: number;
  readonly seconds: number;
  readonly residentMb: number;
}

const CLIENTS = 50;
/** No portion of orders is begun later than this: a portion on a busy machine takes some seconds. */
const ENDING_MS = 110_000;
const PORTIONS = 40;

/**
 * Sends orders from 50 clients, portion by portion, and reads the system's memory whenever a portion has ended.
 * @param orders to send; fewer where they would take more than two minutes
 */
export async function soak(system: MeasuredSystem, orders: number): Promise<Soak> {
  const portion = Math.ceil(orders / PORTIONS);
  const begun = performance.now();
  const memory: MemorySample[] = [];
  for (let sent = 0; sent < orders && performance.now() - begun < ENDING_MS;) {
    const count = Math.min(portion, orders - sent);
    await sendOrders(system, count, CLIENTS);
    sent += count;
    const seconds = (performance.now() - begun) / 1000;
    memory.push({ orders: sent, seconds, residentMb: residentMb(system.pid) });
  }
  return { clients: CLIENTS, memory, growth: growthOf(memory) };
}

/** The slope over the second half: the first one is what caches and heaps take to fill. */
export function growthOf(memory: readonly MemorySample[]): Slope | undefined {
  const half = (memory.at(-1)?.orders ?? 0) / 2;
  const late = memory.filter(({ orders }) => orders > half);
  return slopeOf(late.map((sample) => ({ x: sample.orders / 1000, y: sample.residentMb })));
}
