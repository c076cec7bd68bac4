import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ID_LENGTH, MAX_ITEMS, parseOrderRequest } from './order-request.ts';
import { brokenRule, totalQuantity } from './order-rules.ts';

const ORDER = { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] };

describe('an order request', () => {
  it('is what is left of a good body without its unknown fields', () => {
    // Prepare
    const body = { note: 'x', ...ORDER, items: [{ product_id: 'product', quantity: 1, price: 3 }] };

    // Act
    const parsed = parseOrderRequest(body);

    // Assess
    expect(parsed).toEqual({ valid: true, request: ORDER });
  });

  it('may be as long as the contract says, in every letter of the world', () => {
    // Prepare
    const body = {
      customer_id: 'ü'.repeat(MAX_ID_LENGTH),
      items: Array.from({ length: MAX_ITEMS }, () => ({
        product_id: '品'.repeat(MAX_ID_LENGTH),
        quantity: 1,
      })),
    };

    // Act
    const parsed = parseOrderRequest(body);

    // Assess
    expect(parsed).toEqual({ valid: true, request: body });
  });

  it.each([
    ['control characters', { ...ORDER, customer_id: 'cust\u0000omer' }, /^customer_id /],
    ['a lone surrogate', { ...ORDER, customer_id: 'cust\ud800omer' }, /^customer_id /],
    [
      'a quantity in text',
      { ...ORDER, items: [{ product_id: 'p', quantity: '1' }] },
      /^items\[0\]\.quantity /,
    ],
    [
      'a quantity that no table can hold',
      { ...ORDER, items: [{ product_id: 'p', quantity: 1e300 }] },
      /at most/,
    ],
    ['an item without product', { ...ORDER, items: [{ quantity: 1 }] }, 'items[0].product_id is required'],
    ['an array', [], /^body /],
  ])('is refused for %s, by the name of the field', (_what, body, message) => {
    // Act
    const parsed = parseOrderRequest(body);

    // Assess
    expect(parsed).toEqual({
      valid: false,
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    });
  });

  it('is never anything else than an order or a message, whatever the body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        // Act
        const parsed = parseOrderRequest(body);

        // Assess
        expect(parsed.valid ? parsed.request.items.length : parsed.message.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the business rules', () => {
  it.each([
    ['ab', 1, 'customer_id must be at least 3 characters'],
    ['ab ', 1, undefined],
    ['\u{1f600}\u{1f600}', 1, 'customer_id must be at least 3 characters'],
    ['\u{1f600}\u{1f600}\u{1f600}', 1, undefined],
    ['abc', 101, 'an order may have at most 100 units in total, this one has 101'],
    ['abc', 100, undefined],
  ])('say of customer %j and %d units: %s', (customer_id, quantity, expected) => {
    // Prepare
    const order = { customer_id, items: [{ product_id: 'product', quantity }] };

    // Act
    const reason = brokenRule(order);

    // Assess
    expect(reason).toBe(expected);
  });

  it('count the units of all items', () => {
    // Prepare
    const items = [1, 2, 3].map((quantity) => ({ product_id: 'product', quantity }));

    // Act
    const total = totalQuantity({ customer_id: 'customer', items });

    // Assess
    expect(total).toBe(6);
  });
});
