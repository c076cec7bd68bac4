import { Agent, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalSystem, type LocalSystem } from './local-system.ts';
import { VALID_ORDER } from './orders-api.ts';

/** Requests of one run, sent this many at once. */
const REQUESTS = 10_000;
const AT_ONCE = 25;
/** A request that gets no answer in this time hangs. Milliseconds. */
const HANG_MS = 15_000;

interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

interface FuzzAnswer {
  readonly status: number;
  readonly body: string;
}

/** What a header may hold (RFC 9110, section 5.5): visible characters, blanks, and bytes from 0x80 on. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 300,
});

/** An order as it should be, or with something odd in any place. */
const almostOrder = fc.record(
  {
    customer_id: fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 140 }) },
      { weight: 1, arbitrary: fc.anything() },
    ),
    items: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(
          fc.record(
            {
              product_id: fc.oneof(fc.string({ maxLength: 140 }), fc.anything()),
              quantity: fc.oneof(
                fc.integer({ min: -2, max: 120 }),
                fc.double(),
                fc.maxSafeInteger(),
                fc.anything(),
              ),
              extra: fc.anything(),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 4 },
        ),
      },
      { weight: 1, arbitrary: fc.anything() },
    ),
    extra: fc.anything(),
  },
  { requiredKeys: [] },
);

const body = fc.oneof(
  { weight: 4, arbitrary: almostOrder.map((order) => text(order)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '{',
      '[[[[',
      'null',
      '"\\ud800"',
      '{"__proto__":{}}',
      '['.repeat(5_000),
      text(VALID_ORDER),
    ),
  },
);

const headers = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded'),
      headerText,
    ),
    'idempotency-key': headerText,
    'x-correlation-id': headerText,
    accept: headerText,
    constructor: headerText,
    tostring: headerText,
  },
  { requiredKeys: [] },
);

const orderId = fc.oneof(
  fc.uuid(),
  fc.string({ maxLength: 60 }),
  fc.uuid().map((id) => id.toUpperCase()),
);

/** Names that every object has parts of, and any others. */
const query = fc
  .array(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString'), fc.string({ maxLength: 8 })), {
    maxLength: 3,
  })
  .map((names) =>
    names.length === 0
      ? ''
      : `?${names.map((name) => `${encodeURIComponent(name.toWellFormed())}=1`).join('&')}`,
  );

const post: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.constant('POST'),
  path: fc.constant('/order'),
  headers,
  body,
});
const get: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.constant('GET'),
  path: fc
    .tuple(orderId, query)
    .map(([id, names]) => `/order/${encodeURIComponent(id.toWellFormed())}${names}`),
  headers,
  body: fc.constant(undefined),
});
const other: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH'),
  path: fc.webPath(),
  headers,
  body: fc.constant(undefined),
});

function text(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? ''
  );
}

describe('the API under generated requests', () => {
  let system: LocalSystem;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  beforeAll(async () => {
    system = await startLocalSystem({
      args: ['--ephemeral'],
      // The stage's throttling would answer 429, rightly, to so many requests a second.
      environment: { DOFS_THROTTLING_RATE_LIMIT: '10000', DOFS_THROTTLING_BURST_LIMIT: '5000' },
    });
  });
  afterAll(async () => {
    agent.destroy();
    await system.stop();
  });

  it(`gives only answers of the contract, never a 5xx, never a hang (${REQUESTS} requests)`, async () => {
    // Prepare
    const requests = fc.sample(
      fc.oneof(
        { weight: 6, arbitrary: post },
        { weight: 3, arbitrary: get },
        { weight: 1, arbitrary: other },
      ),
      { numRuns: REQUESTS, seed: 7 },
    );
    const queue = requests.entries();
    const surprises: unknown[] = [];
    let answered = 0;

    // Act
    const lane = async () => {
      for (const [, request] of queue) {
        const answer = await send(agent, system.apiUrl, request);
        answered += 1;
        if (!isInContract(request, answer)) {
          surprises.push({ request, answer });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));

    // Assess
    expect(surprises.slice(0, 5)).toEqual([]);
    expect(answered).toBe(REQUESTS);
  }, 240_000);
});

function send(
  agent: Agent,
  apiUrl: string,
  { method, path, headers, body }: FuzzRequest,
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${apiUrl}${path}`,
      { method, headers, agent, timeout: HANG_MS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer within ${HANG_MS} ms`)));
    request.on('error', (error) => resolve({ status: 0, body: error.message }));
    request.end(body);
  });
}

/** The HTTP table, told apart from the request alone. */
function isInContract(request: FuzzRequest, { status, body }: FuzzAnswer): boolean {
  // As the client sends it: an id of `.` or `..` is no id but a step in the path.
  const { pathname } = new URL(`http://127.0.0.1${request.path}`);
  const isPost = request.method === 'POST' && pathname === '/order';
  const isGet = request.method === 'GET' && /^\/order\/[^/]+$/.test(pathname);
  const allowed = isPost ? [200, 400, 422] : isGet ? [200, 400, 404] : [403, 400];
  if (!allowed.includes(status)) {
    return false;
  }
  const answer = parsed(body);
  if (isPost && status === 200) {
    return typeof answer?.['order_id'] === 'string' && typeof answer['execution_arn'] === 'string';
  }
  return (
    typeof answer?.['error'] === 'string' ||
    typeof answer?.['message'] === 'string' ||
    (isGet && status === 200)
  );
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
