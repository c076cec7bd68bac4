import type { LedgerEntry } from './ledger.ts';

/** How a client reaches the API; it changes when the system is restarted on other ports. */
export interface Client {
  readonly apiUrl: () => string;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Aborted when the run is over, for whatever reason. */
  readonly signal: AbortSignal;
}

/** How long a client insists on an answer, in milliseconds. */
const PATIENCE_MS = 180_000;
const REQUEST_TIMEOUT_MS = 35_000;

/** Who asks: each with a correlation id of its own, so that the executions that they ask for differ in their input. */
export type Asker = 'first' | 'twin' | 'later';

/**
 * Sends one order with its idempotency key, again and again until it is accepted, as a careful client does:
 * a lost connection, 429 and every 5xx are no answer. What it hears goes into the ledger.
 */
export async function sendUntilAccepted(client: Client, entry: LedgerEntry, asker: Asker): Promise<void> {
  const deadline = client.now() + PATIENCE_MS;
  for (let attempt = 0; client.now() < deadline && !client.signal.aborted; attempt += 1) {
    if (await sendOnce(client.apiUrl(), entry, asker)) {
      return;
    }
    await client.pause(Math.min(1_000, 50 * 2 ** attempt));
  }
}

async function sendOnce(apiUrl: string, entry: LedgerEntry, asker: Asker): Promise<boolean> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${apiUrl}/order`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': entry.key,
        'x-correlation-id': `${entry.key}-${asker}`,
      },
      body: JSON.stringify(entry.order),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    text = await response.text();
  } catch {
    // The connection was refused or broke: the order may or may not have been accepted. Ask again.
    return false;
  }
  if (response.status === 429 || response.status >= 500) {
    return false;
  }
  if (response.status !== 200) {
    entry.unexpected.push(`${response.status} ${text}`);
    return true;
  }
  const body = JSON.parse(text) as { order_id: string; execution_arn: string };
  entry.accepted.push({ orderId: body.order_id, executionArn: body.execution_arn });
  return true;
}

/** Runs the work with at most `width` at once, in order. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item !== undefined) {
        await work(item, index);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
