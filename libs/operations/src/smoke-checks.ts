import { callApi, type ApiAnswer } from './orders-api.ts';
import { OperationError } from './operation-error.ts';
import type { Check } from './load-report.ts';
import type { Target } from './target.ts';

/** One request whose answer is known beforehand. */
export interface SmokeCase {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expected: {
    readonly status: number;
    /** The member of the answer's body that must be there, and its text. */
    readonly member: 'error' | 'message';
    readonly text: string;
  };
}

const JSON_BODY = { 'content-type': 'application/json' };
const BAD_REQUEST = { status: 400, member: 'message', text: 'Invalid request body' } as const;
const item = (changes: object) => ({ product_id: 'prod-widget-001', quantity: 2, ...changes });

function refused(
  name: string,
  order: object | string,
  headers = JSON_BODY as SmokeCase['headers'],
): SmokeCase {
  const body = typeof order === 'string' ? order : JSON.stringify(order);
  return {
    name,
    method: 'POST',
    path: '/order',
    body,
    ...(headers === undefined ? {} : { headers }),
    expected: BAD_REQUEST,
  };
}

const customer_id = 'cust-smoke';

/** What the API must refuse, and how it says so. */
export const SMOKE_CASES: readonly SmokeCase[] = [
  refused('malformed JSON', '{"customer_id":'),
  refused('no customer_id', { items: [item({})] }),
  refused('no items', { customer_id }),
  refused('customer_id is a number', { customer_id: 12345, items: [item({})] }),
  refused('quantity 0', { customer_id, items: [item({ quantity: 0 })] }),
  refused('quantity negative', { customer_id, items: [item({ quantity: -1 })] }),
  refused('quantity fractional', { customer_id, items: [item({ quantity: 1.5 })] }),
  refused('an item without product_id', { customer_id, items: [{ quantity: 1 }] }),
  refused('an item without quantity', { customer_id, items: [{ product_id: 'prod-widget-001' }] }),
  refused(
    'no items, without Content-Type',
    { customer_id },
    {
      'content-type': 'application/x-www-form-urlencoded',
    },
  ),
  {
    ...refused('an empty list of items', { customer_id, items: [] }),
    expected: { status: 400, member: 'error', text: 'items must be a non-empty array' },
  },
  {
    name: 'an order that was never accepted',
    method: 'GET',
    path: '/order/00000000-0000-4000-8000-000000000000',
    expected: { status: 404, member: 'error', text: 'Order not found' },
  },
  {
    name: 'an unknown path',
    method: 'GET',
    path: '/nowhere',
    expected: { status: 403, member: 'message', text: 'Missing Authentication Token' },
  },
];

/**
 * Sends every case, one after the other; ends early where the signal stops it.
 * @throws OperationError `unreachable` where nothing answers at all
 */
export async function* runSmokeCases(target: Target, signal: AbortSignal): AsyncGenerator<Check> {
  for (const smokeCase of SMOKE_CASES) {
    if (signal.aborted) {
      return;
    }
    const { name, method, path, body, headers, expected } = smokeCase;
    try {
      const answer = await callApi(target, {
        method,
        path,
        signal,
        ...(body === undefined ? {} : { body }),
        ...(headers === undefined ? {} : { headers }),
      });
      const passed = answer.status === expected.status && answer.body[expected.member] === expected.text;
      yield {
        name,
        passed,
        detail: passed ? said(answer) : `${said(answer)}; expected ${expected.status} ${expected.text}`,
      };
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!(error instanceof OperationError) || error.kind === 'unreachable') {
        throw error;
      }
      yield { name, passed: false, detail: error.message };
    }
  }
}

function said({ status, body }: ApiAnswer): string {
  const text = body['error'] ?? body['message'];
  return typeof text === 'string' ? `${status} ${text}` : String(status);
}
