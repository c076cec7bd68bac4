import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '@dofs/orders/life-cycle';
import type { OrderStatus } from '@dofs/orders/order';
import { httpClient } from './http-client.ts';
import type { MeasuredSystem } from './local-system.ts';
import { OrderLostError, orderBody } from './send-orders.ts';

/** Milliseconds from the start of `npm start`. */
export interface FirstOrder {
  /** Until its first order was accepted. */
  readonly acceptedMs: number;
  /** Until that order had been fulfilled, or had failed. */
  readonly endedMs: number;
}

const POLL_MS = 20;
const PATIENCE_MS = 30_000;

/**
 * Sends a started system its first order, and waits for its end.
 * @throws OrderLostError
 */
export async function firstOrder({ apiUrl, startedAt }: MeasuredSystem): Promise<FirstOrder> {
  const client = httpClient(1);
  try {
    const { status, text } = await client.send('POST', `${apiUrl}/order`, orderBody(0));
    const acceptedMs = performance.now() - startedAt;
    if (status !== 200) {
      throw new OrderLostError(`the first POST /order was answered ${status} ${text}`);
    }
    const { order_id: id } = JSON.parse(text) as { order_id: string };
    while (performance.now() - startedAt < acceptedMs + PATIENCE_MS) {
      const answer = await client.send('GET', `${apiUrl}/order/${id}`);
      // 404 until the workflow has stored it.
      if (answer.status === 200 && hasEnded(answer.text)) {
        return { acceptedMs, endedMs: performance.now() - startedAt };
      }
      await pause(POLL_MS);
    }
    throw new OrderLostError(`the first order has not ended after ${PATIENCE_MS / 1000} s`);
  } finally {
    client.close();
  }
}

function hasEnded(text: string): boolean {
  return isTerminal((JSON.parse(text) as { status: OrderStatus }).status);
}
