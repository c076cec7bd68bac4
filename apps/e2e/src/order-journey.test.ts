import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsView, type AwsView } from './aws-clients.ts';
import { eventually } from './eventually.ts';
import { acceptedOrder, settledOrder } from './orders-api.ts';
import { target } from './target.ts';

describe('an order travels the whole pipeline', () => {
  let view: AwsView;
  beforeAll(() => {
    view = awsView(target.awsEndpoint, target.prefix);
  });
  afterAll(() => view.close());

  it('ends FULFILLED, or FAILED in both tables, and leaves no message behind', async () => {
    // Prepare
    const orders = Array.from({ length: 30 }, (_, n) => ({
      customer_id: `cust-${n}`,
      items: [{ product_id: 'prod-widget-001', quantity: 1 + (n % 5) }],
    }));

    // Act
    const ids = await Promise.all(orders.map((order) => acceptedOrder(target.apiUrl, order)));
    const settled = await Promise.all(ids.map((id) => settledOrder(target.apiUrl, id)));
    await eventually(
      () => view.messagesLeft(),
      (left) => left === 0,
    );

    // Assess
    for (const { body } of settled) {
      const failed = await view.failedOrder(String(body['order_id']));
      expect(failed?.['failure_source']?.S, JSON.stringify(body)).toBe(
        body['status'] === 'FAILED' ? 'fulfillment' : undefined,
      );
    }
    expect(new Set(ids).size).toBe(orders.length);
  });
});
