import { MAX_QUANTITY } from '@dofs/orders/order-request';
import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from './handler.ts';
import { bodyOf, get, post, VALID_ORDER, world } from './testing/world.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function serviceError(name: string): Error {
  return Object.assign(new Error('no, by arn:aws:iam::123456789012:role/secret'), { name });
}

describe('POST /order', () => {
  it('hands the order to the workflow by one call, and reads nothing', async () => {
    // Prepare
    const reads: string[] = [];
    const { handler, executions, basics } = world('STANDARD', (ports) => ({
      ...ports,
      orders: {
        getOrder: (id) => {
          reads.push(id);
          return Promise.resolve(undefined);
        },
      },
    }));

    // Act
    const answer = await handler(post());

    // Assess
    const body = bodyOf(answer);
    const orderId = body['order_id'];
    expect(answer.statusCode).toBe(200);
    expect(Object.keys(body)).toEqual(['message', 'order_id', 'status', 'execution_arn']);
    expect(body).toMatchObject({
      message: 'Order received and processing started',
      status: 'processing',
      execution_arn: `arn:aws:states:us-east-1:123456789012:execution:order-processing:${String(orderId)}`,
    });
    expect(orderId).toMatch(UUID);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'x-correlation-id': 'request-1',
    });
    expect(executions.map(({ input }) => JSON.parse(input) as unknown)).toEqual([
      { order_id: orderId, correlation_id: 'request-1', order: VALID_ORDER },
    ]);
    expect(reads).toEqual([]);
    expect(basics.lines[0]).toMatchObject({
      message: 'order accepted',
      order_id: orderId,
      correlation_id: 'request-1',
      request_id: 'request-1',
    });
    expect(basics.lines[1]).toMatchObject({ OrdersAccepted: 1 });
  });

  it.each([
    ['no items', { ...VALID_ORDER, items: [] }, 'items must be a non-empty array'],
    ['no customer', { items: VALID_ORDER.items }, 'customer_id is required'],
    ['a blank customer', { ...VALID_ORDER, customer_id: '  ' }, /^customer_id /],
    [
      'a long customer',
      { ...VALID_ORDER, customer_id: 'x'.repeat(129) },
      'customer_id must be at most 128 characters',
    ],
    [
      'an empty product',
      { ...VALID_ORDER, items: [{ product_id: '', quantity: 1 }] },
      /^items\[0\]\.product_id /,
    ],
    [
      'a fractional quantity',
      { ...VALID_ORDER, items: [{ product_id: 'p', quantity: 1.5 }] },
      /^items\[0\]\.quantity /,
    ],
    ['101 items', { ...VALID_ORDER, items: Array(101).fill(VALID_ORDER.items[0]) }, /^items /],
    ['no object', 'null', /^body /],
    ['no JSON', '{"customer_id":', 'body must be a JSON object'],
    ['nothing', '', 'body must be a JSON object'],
  ])('refuses %s and names the field', async (_what, body, message) => {
    // Prepare
    const { handler, executions } = world();

    // Act
    const answer = await handler(post({ body }));

    // Assess
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toEqual({
      error: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    });
    expect(answer.headers).toMatchObject({ 'x-correlation-id': 'request-1' });
    expect(executions).toEqual([]);
  });

  it.each([false, true])(
    'refuses a body that is too large before it parses it (base64: %s)',
    async (isBase64) => {
      // Prepare
      const { handler, executions } = world();
      const order = JSON.stringify(VALID_ORDER);
      const sized = (bytes: number) => order.replace(/}$/, `,"x":"${'x'.repeat(bytes - order.length - 7)}"}`);
      const send = (text: string) =>
        handler({
          ...post(),
          body: isBase64 ? Buffer.from(text).toString('base64') : text,
          isBase64Encoded: isBase64,
        });

      // Act
      const largest = await send(sized(MAX_BODY_BYTES));
      const tooLarge = await send(sized(MAX_BODY_BYTES + 1));

      // Assess
      expect(largest.statusCode).toBe(200);
      expect(tooLarge.statusCode).toBe(413);
      expect(bodyOf(tooLarge)).toEqual({ error: 'body must be at most 262144 bytes' });
      expect(tooLarge.headers).toMatchObject({ 'x-correlation-id': 'request-1' });
      expect(executions).toHaveLength(1);
    },
  );

  it('takes the largest order there is, however it is written', async () => {
    // Prepare
    const escaped = '\\ud83d\\ude00'.repeat(128);
    const item = `{"product_id":"${escaped}","quantity":${MAX_QUANTITY}}`;
    const body = `{"customer_id":"${escaped}","items":[${Array(100).fill(item).join(',')}]}`;

    // Act
    const answer = await world().handler(post({ body }));

    // Assess
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    ['a refused request', post({ body: '{' })],
    ['a failed one', post()],
    ['a look-up that fails', get('0a1b2c3d-0000-4000-8000-000000000000')],
  ])(
    "logs %s with API Gateway's request id, beside the correlation id of the client",
    async (_what, event) => {
      // Prepare
      const broken = () => Promise.reject(serviceError('TimeoutError'));
      const { handler, basics } = world('STANDARD', (ports) => ({
        ...ports,
        workflow: { ...ports.workflow, start: broken },
        orders: { getOrder: broken },
      }));

      // Act
      await handler({ ...event, headers: { 'X-Correlation-Id': 'trace-1' } });

      // Assess
      expect(basics.lines).toHaveLength(1);
      expect(basics.lines[0]).toMatchObject({ request_id: 'request-1', correlation_id: 'trace-1' });
    },
  );

  it('ignores unknown fields and does not pass them on', async () => {
    // Prepare
    const { handler, executions } = world();
    const body = { ...VALID_ORDER, admin: true, items: [{ product_id: 'p', quantity: 1, price: 0 }] };

    // Act
    await handler(post({ body }));

    // Assess
    expect(JSON.parse(executions[0]?.input ?? '')).toMatchObject({
      order: { customer_id: VALID_ORDER.customer_id, items: [{ product_id: 'p', quantity: 1 }] },
    });
    expect(executions[0]?.input).not.toContain('admin');
    expect(executions[0]?.input).not.toContain('price');
  });

  it('reads a base64 body and headers of any case, in either form', async () => {
    // Prepare
    const { handler, executions } = world();
    const event = {
      ...post(),
      body: Buffer.from(JSON.stringify(VALID_ORDER)).toString('base64'),
      isBase64Encoded: true,
      headers: { 'x-CORRELATION-id': 'trace-1' },
      multiValueHeaders: { 'idempotency-KEY': ['key-1'] },
    };

    // Act
    const first = await handler(event);
    const second = await handler({
      ...event,
      headers: { 'Idempotency-Key': 'key-1' },
      multiValueHeaders: {},
    });

    // Assess
    expect(first.headers).toMatchObject({ 'x-correlation-id': 'trace-1' });
    expect(bodyOf(second)['order_id']).toBe(bodyOf(first)['order_id']);
    expect(executions).toHaveLength(1);
  });

  it('says which setting is missing', async () => {
    // Prepare
    const { handler } = world('STANDARD', () => undefined);

    // Act
    const answer = await handler(post());

    // Assess
    expect(answer.statusCode).toBe(500);
    expect(bodyOf(answer)).toEqual({ error: 'Step Function ARN not configured' });
  });

  it.each([
    ['ThrottlingException', 503, '1'],
    ['ExecutionLimitExceeded', 503, '1'],
    ['AccessDeniedException', 500, undefined],
    ['TimeoutError', 500, undefined],
  ])('answers %s with %d and tells nobody why', async (name, statusCode, retryAfter) => {
    // Prepare
    const { handler, basics } = world('STANDARD', (ports) => ({
      ...ports,
      workflow: { ...ports.workflow, start: () => Promise.reject(serviceError(name)) },
    }));

    // Act
    const answer = await handler(post());

    // Assess
    expect(answer.statusCode).toBe(statusCode);
    expect(answer.headers?.['retry-after']).toBe(retryAfter);
    expect(bodyOf(answer)).toEqual({ error: 'Failed to process order' });
    expect(basics.lines[0]).toMatchObject({ level: 'ERROR', error_name: name, correlation_id: 'request-1' });
  });

  it('accepts an order whose first StartExecution took effect unseen', async () => {
    // Prepare
    const { handler } = world('STANDARD', (ports) => ({
      ...ports,
      workflow: { ...ports.workflow, start: () => Promise.resolve({ kind: 'name-taken' }) },
    }));

    // Act
    const answer = await handler(post());

    // Assess
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)['execution_arn']).toMatch(/:execution:order-processing:[0-9a-f-]{36}$/);
  });

  it.each(['', 'ü', 'two words', 'x'.repeat(256)])('refuses the idempotency key %j', async (key) => {
    // Prepare
    const { handler, executions } = world();

    // Act
    const answer = await handler(post({ headers: { 'Idempotency-Key': key } }));

    // Assess
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)['error']).toMatch(/^Idempotency-Key must be/);
    expect(executions).toEqual([]);
  });

  it('refuses two different idempotency keys at once', async () => {
    // Prepare
    const { handler } = world();
    const event = { ...post(), multiValueHeaders: { 'Idempotency-Key': ['one', 'two'] } };

    // Act
    const answer = await handler(event);

    // Assess
    expect(answer.statusCode).toBe(400);
  });
});
