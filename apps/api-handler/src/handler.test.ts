import { describe, expect, it } from 'vitest';
import { bodyOf, post, VALID_ORDER, world } from './testing/world.ts';

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
