import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { acceptedOrder, getOrder, postOrder, request, settledOrder, VALID_ORDER } from './orders-api.ts';
import { target } from './target.ts';

const INVALID_BODY = { message: 'Invalid request body' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const item = (change: Record<string, unknown>) => ({
  customer_id: 'cust-12345',
  items: [{ product_id: 'prod-widget-001', quantity: 1, ...change }],
});

describe('POST /order with a valid order', () => {
  it('accepts it and says which execution processes it', async () => {
    // Act
    const { status, body, headers } = await postOrder(target.apiUrl, VALID_ORDER);

    // Assess
    expect(status).toBe(200);
    expect(body).toEqual({
      message: 'Order received and processing started',
      order_id: expect.stringMatching(UUID) as string,
      status: 'processing',
      // EXPRESS: arn:aws:states:<region>:<account>:express:<state machine>:<name>:<uuid>
      execution_arn: expect.stringMatching(
        new RegExp(
          `^arn:aws:states:.*:(execution|express):${target.prefix}-order-processing:${String(body['order_id'])}`,
        ),
      ) as string,
    });
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('x-correlation-id')).toBeTruthy();
  });

  it('ignores unknown fields and does not store them', async () => {
    // Prepare
    const order = {
      ...VALID_ORDER,
      note: 'unknown',
      items: [{ product_id: 'prod-widget-001', quantity: 2, colour: 'red' }],
    };

    // Act
    const orderId = await acceptedOrder(target.apiUrl, order);
    const { body } = await settledOrder(target.apiUrl, orderId);

    // Assess
    expect(body).not.toHaveProperty('note');
    expect(body['items']).toEqual(VALID_ORDER.items);
  });
});

describe('POST /order with a malformed order', () => {
  const malformed: readonly (readonly [string, unknown])[] = [
    ['malformed JSON', '{"customer_id":'],
    ['an empty body', ''],
    ['no customer_id', { items: VALID_ORDER.items }],
    ['no items', { customer_id: 'cust-12345' }],
    ['a customer_id that is a number', { ...VALID_ORDER, customer_id: 12 }],
    ['items that are no array', { ...VALID_ORDER, items: 'prod-widget-001' }],
    ['an item that is no object', { ...VALID_ORDER, items: ['prod-widget-001'] }],
    ['quantity 0', item({ quantity: 0 })],
    ['a negative quantity', item({ quantity: -1 })],
    ['a fractional quantity', item({ quantity: 1.5 })],
    ['a quantity that is text', item({ quantity: '1' })],
    ['an item without product_id', { ...VALID_ORDER, items: [{ quantity: 1 }] }],
    ['an item without quantity', { ...VALID_ORDER, items: [{ product_id: 'prod-widget-001' }] }],
    ['an array', []],
    ['null', 'null'],
  ];

  it.each(malformed)('refuses %s at the API, before any function runs', async (_, body) => {
    // Act
    const answer = await postOrder(target.apiUrl, body);

    // Assess
    expect(answer).toMatchObject({ status: 400, body: INVALID_BODY });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('x-correlation-id')).toBeTruthy();
  });

  it.each([
    ['plain curl', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', { 'content-type': 'text/plain' }],
    ['XML', { 'content-type': 'application/xml' }],
  ])('is not walked around by the content type of %s', async (_, headers) => {
    // Act
    const answer = await postOrder(target.apiUrl, { items: VALID_ORDER.items }, headers);

    // Assess
    expect(answer).toMatchObject({ status: 400, body: INVALID_BODY });
  });

  it('takes a valid order with the content type of plain curl', async () => {
    // Act
    const answer = await postOrder(target.apiUrl, VALID_ORDER, {
      'content-type': 'application/x-www-form-urlencoded',
    });

    // Assess
    expect(answer.status).toBe(200);
  });
});

describe('POST /order with an order of a wrong size', () => {
  it('names items when there are none', async () => {
    // Act
    const answer = await postOrder(target.apiUrl, { customer_id: 'test', items: [] });

    // Assess
    expect(answer).toMatchObject({ status: 400, body: { error: 'items must be a non-empty array' } });
  });

  it.each([
    ['customer_id', 'an empty customer_id', { ...VALID_ORDER, customer_id: '' }],
    ['customer_id', 'a blank customer_id', { ...VALID_ORDER, customer_id: '   ' }],
    ['customer_id', 'a customer_id of 129 characters', { ...VALID_ORDER, customer_id: 'c'.repeat(129) }],
    ['product_id', 'an empty product_id', item({ product_id: '' })],
    ['product_id', 'a blank product_id', item({ product_id: '\t ' })],
    ['product_id', 'a product_id of 129 characters', item({ product_id: 'p'.repeat(129) })],
    [
      'items',
      '101 items',
      { ...VALID_ORDER, items: Array.from({ length: 101 }, () => VALID_ORDER.items[0]) },
    ],
    ['quantity', 'a quantity that no database holds', item({ quantity: 1e300 })],
  ])('names %s in the answer to %s', async (field, _, order) => {
    // Act
    const { status, body } = await postOrder(target.apiUrl, order);

    // Assess
    expect(status).toBe(400);
    expect(body['error']).toContain(field);
  });

  it('takes 128 characters and 100 items', async () => {
    // Prepare
    const items = Array.from({ length: 100 }, () => ({ product_id: 'p'.repeat(128), quantity: 1 }));

    // Act
    const { status } = await postOrder(target.apiUrl, { customer_id: 'c'.repeat(128), items });

    // Assess
    expect(status).toBe(200);
  });

  it('refuses a body over 256 KiB, however little of it is the order', async () => {
    // Prepare: what JSON.parse makes of nearly 6 MB of it would be more than the function's memory
    const order = { ...VALID_ORDER, x: Array.from({ length: 1_900_000 }, () => []) };

    // Act
    const answer = await postOrder(target.apiUrl, order);

    // Assess
    expect(answer).toMatchObject({ status: 413, body: { error: 'body must be at most 262144 bytes' } });
    expect(answer.headers.get('x-correlation-id')).toBeTruthy();
  });

  it('refuses a body over 10 MB', async () => {
    // Act
    const { status } = await postOrder(target.apiUrl, { ...VALID_ORDER, note: 'x'.repeat(10 * 1024 * 1024) });

    // Assess
    expect(status).toBe(413);
  });
});

describe('an order that breaks a business rule', () => {
  it.each([
    ['a customer_id of two characters', { ...VALID_ORDER, customer_id: 'ab' }, /customer_id/],
    ['more than 100 units', item({ quantity: 101 }), /100 units/],
  ])('is accepted and ends FAILED: %s', async (_, order, reason) => {
    // Act
    const orderId = await acceptedOrder(target.apiUrl, order);
    const { body } = await settledOrder(target.apiUrl, orderId);

    // Assess
    expect(body).toMatchObject({
      order_id: orderId,
      status: 'FAILED',
      failure_source: 'validation',
      failure_reason: expect.stringMatching(reason) as string,
      failed_at: expect.any(String) as string,
    });
  });
});

describe('GET /order/{order_id}', () => {
  it('never misses an order from the moment that POST has answered', async () => {
    // Act
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => getOrder(target.apiUrl, await acceptedOrder(target.apiUrl))),
    );

    // Assess
    for (const { status, body, headers } of answers) {
      if (target.isExpress && status === 404) {
        // An EXPRESS execution can't be looked up: until the order is stored, the client is told to come again.
        expect(headers.get('retry-after')).toBe('1');
      } else {
        expect({ status, order_id: body['order_id'] }).toEqual({
          status: 200,
          order_id: expect.any(String) as string,
        });
      }
    }
  });

  it('answers with the order as stored', async () => {
    // Prepare
    const orderId = await acceptedOrder(target.apiUrl);

    // Act
    const { body } = await settledOrder(target.apiUrl, orderId);

    // Assess
    expect(body).toMatchObject({ order_id: orderId, ...VALID_ORDER, total_quantity: 2 });
    expect(Date.parse(String(body['created_at']))).toBeLessThanOrEqual(
      Date.parse(String(body['updated_at'])),
    );
    expect(body[body['status'] === 'FULFILLED' ? 'fulfilled_at' : 'failed_at']).toEqual(expect.any(String));
  });

  it('does not know an id that was never accepted', async () => {
    // Act
    const answer = await getOrder(target.apiUrl, randomUUID());

    // Assess
    expect(answer).toMatchObject({ status: 404, body: { error: 'Order not found' } });
  });

  it.each(['not-a-uuid', '123', '%00', '..%2F..%2Fetc'])(
    'refuses the id %s, which is no UUID',
    async (id) => {
      // Act
      const { status } = await getOrder(target.apiUrl, id);

      // Assess
      expect(status).toBe(400);
    },
  );
});

describe('a preflight', () => {
  it.each(['/order', '/order/0a1b2c3d-0000-4000-8000-000000000000'])('of %s is answered', async (path) => {
    // Act
    const { status, headers } = await fetch(`${target.apiUrl}${path}`, { method: 'OPTIONS' });

    // Assess
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toContain('OPTIONS');
    expect(headers.get('x-correlation-id')).toBeTruthy();
  });
});

describe('any other request', () => {
  it.each([
    ['GET', '/order'],
    ['PUT', '/order'],
    ['DELETE', '/order'],
    ['GET', '/'],
    ['GET', '/orders'],
    ['POST', '/order/x/y'],
  ])('%s %s gets what API Gateway answers to an unknown path', async (method, path) => {
    // Act
    const answer = await request(`${target.apiUrl}${path}`, { method });

    // Assess
    expect(answer).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
  });
});
