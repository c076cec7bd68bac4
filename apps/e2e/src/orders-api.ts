import { eventually } from './eventually.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export const VALID_ORDER = {
  customer_id: 'cust-12345',
  items: [{ product_id: 'prod-widget-001', quantity: 2 }],
};

/** One request, its answer read as JSON. */
export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(35_000) });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

/**
 * POST /order.
 * @param body sent as it is where it is text, else as JSON
 */
export function postOrder(
  apiUrl: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<Answer> {
  return request(`${apiUrl}/order`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { ...headers },
  });
}

export function getOrder(apiUrl: string, orderId: string): Promise<Answer> {
  return request(`${apiUrl}/order/${orderId}`);
}

/** Waits until an order is FULFILLED or FAILED. */
export function settledOrder(apiUrl: string, orderId: string, deadlineMs?: number): Promise<Answer> {
  return eventually(
    () => getOrder(apiUrl, orderId),
    ({ body }) => body['status'] === 'FULFILLED' || body['status'] === 'FAILED',
    deadlineMs,
  );
}

/** Accepts an order and gives its id. */
export async function acceptedOrder(apiUrl: string, order: unknown = VALID_ORDER): Promise<string> {
  const { status, body } = await postOrder(apiUrl, order);
  const orderId = body['order_id'];
  if (status !== 200 || typeof orderId !== 'string') {
    throw new Error(`the order was not accepted: ${status} ${JSON.stringify(body)}`);
  }
  return orderId;
}
