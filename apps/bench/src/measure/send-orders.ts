import { readMeter } from '@dofs/operations/cost/read-meter';
import { httpClient } from './http-client.ts';
import { inLanes } from './lanes.ts';

export interface OrderTarget {
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Sent {
  readonly orderIds: readonly string[];
  /** Milliseconds of each POST. */
  readonly latencies: readonly number[];
  /** Orders a second, from the first POST until the last one was answered, and until the last order had ended. */
  readonly acceptedPerSecond: number;
  readonly finishedPerSecond: number;
}

/** An order was not accepted, or did not end in time. */
export class OrderLostError extends Error {
  override readonly name = 'OrderLostError';
}

const PATIENCE_MS = 120_000;
const POLL_MS = 20;

/**
 * Sends orders from `clients` at once, each sending its next one when the last is answered, and waits until every
 * one has ended.
 * @throws OrderLostError
 */
export async function sendOrders(target: OrderTarget, orders: number, clients: number): Promise<Sent> {
  const client = httpClient(clients);
  const orderIds: string[] = [];
  const latencies: number[] = [];
  const settledBefore = await settled(target);
  const begun = performance.now();
  try {
    await inLanes(orders, clients, async (n) => {
      const sentAt = performance.now();
      const { status, text } = await client.send('POST', `${target.apiUrl}/order`, orderBody(n));
      latencies.push(performance.now() - sentAt);
      if (status !== 200) {
        throw new OrderLostError(`POST /order answered ${status} ${text}`);
      }
      orderIds.push((JSON.parse(text) as { order_id: string }).order_id);
    });
    const accepted = performance.now();
    await untilSettled(target, settledBefore + orders);
    const finished = performance.now();
    return {
      orderIds,
      latencies,
      acceptedPerSecond: (orders * 1000) / (accepted - begun),
      finishedPerSecond: (orders * 1000) / (finished - begun),
    };
  } finally {
    client.close();
  }
}

export function orderBody(n: number): string {
  return JSON.stringify({
    customer_id: `cust-${10_000 + (n % 1_000)}`,
    items: [
      { product_id: 'prod-widget-001', quantity: 1 + (n % 5) },
      { product_id: 'prod-gadget-042', quantity: 1 },
    ],
  });
}

async function untilSettled(target: OrderTarget, count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const now = await settled(target);
    if (now >= count) {
      return;
    }
    if (performance.now() > deadline) {
      throw new OrderLostError(`${count - now} orders have not ended after ${PATIENCE_MS / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Orders that have ended since the start: each by one update of `orders`. Updates that the table refused, as for a
 * message that came twice, are metered under another name.
 */
async function settled({ awsEndpoint, outputs }: OrderTarget): Promise<number> {
  const { run } = await readMeter(awsEndpoint, []);
  return run
    .filter(
      ({ resource, operation }) => resource === outputs['orders_table_name'] && operation === 'UpdateItem',
    )
    .reduce((sum, { count }) => sum + count, 0);
}
