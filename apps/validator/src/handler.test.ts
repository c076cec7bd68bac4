import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { MalformedInputError } from '@dofs/orders/parse-workflow';
import { describe, expect, it } from 'vitest';
import { createHandler } from './handler.ts';

const INPUT = {
  order_id: '00000000-0000-4000-8000-000000000001',
  correlation_id: 'correlation-1',
  order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 2 }] },
};

describe('validator', () => {
  it('finds a good order valid', async () => {
    // Prepare
    const basics = testBasics(() => '2026-03-01T10:00:00.000Z');
    const handler = createHandler(basics);

    // Act
    const result = await handler(INPUT);

    // Assess
    expect(result).toEqual({ valid: true, total_quantity: 2 });
    expect(basics.lines).toEqual([
      expect.objectContaining({ order_id: INPUT.order_id, correlation_id: 'correlation-1', valid: true }),
    ]);
  });

  it('answers a broken rule with the reason, as it is no error', async () => {
    // Prepare
    const handler = createHandler(testBasics(() => '2026-03-01T10:00:00.000Z'));
    const items = [{ product_id: 'product', quantity: 101 }];

    // Act
    const result = await handler({ ...INPUT, order: { ...INPUT.order, items } });

    // Assess
    expect(result).toEqual({
      valid: false,
      total_quantity: 101,
      reason: 'an order may have at most 100 units in total, this one has 101',
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no order', { ...INPUT, order: undefined }],
    ['an order id that is no UUID', { ...INPUT, order_id: 'order-1' }],
    [
      'an item without quantity',
      { ...INPUT, order: { customer_id: 'customer', items: [{ product_id: 'p' }] } },
    ],
  ])('throws at %s: such an execution was started by hand', async (_what, input) => {
    // Prepare
    const handler = createHandler(testBasics(() => '2026-03-01T10:00:00.000Z'));

    // Act
    const result = handler(input);

    // Assess
    await expect(result).rejects.toBeInstanceOf(MalformedInputError);
  });
});
