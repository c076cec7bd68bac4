import { setTimeout as pause } from 'node:timers/promises';
import { orderCosts, type OrderCosts } from '@dofs/operations/cost/order-costs';
import { readMeter } from '@dofs/operations/cost/read-meter';
import { httpClient } from '../measure/http-client.ts';
import type { MeasuredSystem } from '../measure/local-system.ts';
import { sendOrders } from '../measure/send-orders.ts';

/** From an order's last write to the last thing that is done for it, in milliseconds. */
const SETTLING_MS = 1_000;

export type MeteredOrders = readonly OrderCosts[];

/** What an order uses and costs, by the meter, taken over orders sent ten at once. */
export async function metered(system: MeasuredSystem, count: number): Promise<MeteredOrders> {
  const { orderIds } = await sendOrders(system, count, 10);
  // The last orders have ended; their messages are about to be deleted and their log lines written.
  await pause(SETTLING_MS);
  const { subjects } = await readMeter(system.awsEndpoint, orderIds);
  const statuses = await finalStatuses(system, orderIds);
  return orderCosts(subjects, statuses);
}

async function finalStatuses(
  { apiUrl }: MeasuredSystem,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const client = httpClient(1);
  const statuses = new Map<string, string>();
  for (const id of orderIds) {
    const { text } = await client.send('GET', `${apiUrl}/order/${id}`);
    statuses.set(id, (JSON.parse(text) as { status: string }).status);
  }
  client.close();
  return statuses;
}
