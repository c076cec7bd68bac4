import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsView, type AwsView } from './aws-clients.ts';
import { postOrder, settledOrder, VALID_ORDER, type Answer } from './orders-api.ts';
import { target } from './target.ts';

function postWithKey(key: string, order: unknown = VALID_ORDER): Promise<Answer> {
  return postOrder(target.apiUrl, order, { 'content-type': 'application/json', 'idempotency-key': key });
}

describe('an Idempotency-Key', () => {
  let view: AwsView;
  beforeAll(() => {
    view = awsView(target.awsEndpoint, target.prefix);
  });
  afterAll(() => view.close());

  it('makes one order of 20 requests that arrive together, and gives 20 equal answers', async () => {
    // Prepare: a customer of their own, whose orders can be counted
    const order = { ...VALID_ORDER, customer_id: `cust-${randomUUID()}` };
    const key = randomUUID();

    // Act
    const answers = await Promise.all(Array.from({ length: 20 }, () => postWithKey(key, order)));
    await settledOrder(target.apiUrl, String(answers[0]?.body['order_id']));

    // Assess
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body['order_id'])).size).toBe(1);
    if (!target.isExpress) {
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    }
    const stored = (await view.orders()).filter((item) => item['customer_id']?.S === order.customer_id);
    expect(stored).toHaveLength(1);
  });

  it('gives the same answer again when the order has long ended', async () => {
    // Prepare
    const key = randomUUID();
    const first = await postWithKey(key);
    await settledOrder(target.apiUrl, String(first.body['order_id']));

    // Act
    const again = await postWithKey(key);

    // Assess
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('x-correlation-id')).toBe(first.headers.get('x-correlation-id'));
  });

  it('is refused with 422 for another body', async () => {
    // Prepare
    const key = randomUUID();
    const first = await postWithKey(key);
    await settledOrder(target.apiUrl, String(first.body['order_id']));

    // Act
    const other = await postWithKey(key, { ...VALID_ORDER, items: [{ product_id: 'other', quantity: 1 }] });

    // Assess
    expect(other.status).toBe(422);
    expect(other.body['error']).toEqual(expect.any(String));
  });

  it('is one of each customer', async () => {
    // Prepare
    const key = randomUUID();

    // Act
    const mine = await postWithKey(key);
    const theirs = await postWithKey(key, { ...VALID_ORDER, customer_id: 'somebody-else' });

    // Assess
    expect(theirs.status).toBe(200);
    expect(theirs.body['order_id']).not.toBe(mine.body['order_id']);
  });

  it.each([
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['with a blank in it', 'two words'],
    ['beyond ASCII', 'cl\u00e9'],
  ])('is refused, by name, if it is %s', async (_, key) => {
    // Act
    const { status, body } = await postWithKey(key);

    // Assess
    expect(status).toBe(400);
    expect(body['error']).toMatch(/idempotency-key/i);
  });
});
