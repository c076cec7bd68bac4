import fc from 'fast-check';
import { Check } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { apiGatewayModel } from './api-gateway-model.ts';
import { parseOrderRequest } from './order-request.ts';

/** Keywords of draft-04 (its metaschema's properties) that the model may use. */
const DRAFT_04 = ['$schema', 'title', 'type', 'required', 'properties', 'items', 'minimum'];

function keywords(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  const { properties, items, ...others } = schema as Record<string, unknown>;
  const inProperties = Object.values(properties ?? {}).flatMap(keywords);
  return [...Object.keys(others), ...inProperties, ...keywords(items)];
}

describe('the API Gateway model', () => {
  const model = apiGatewayModel('Order');

  it('says what draft-04 can say, and nothing that the function answers by name', () => {
    // Act
    const used = new Set(keywords(model));

    // Assess
    expect([...used].filter((keyword) => !DRAFT_04.includes(keyword))).toEqual([]);
    expect(model).toMatchObject({
      $schema: 'http://json-schema.org/draft-04/schema#',
      title: 'Order',
      type: 'object',
      required: ['customer_id', 'items'],
    });
  });

  it.each([
    ['no customer_id', { items: [] }, false],
    ['no items', { customer_id: 'c' }, false],
    ['quantity 0', { customer_id: 'c', items: [{ product_id: 'p', quantity: 0 }] }, false],
    ['a fractional quantity', { customer_id: 'c', items: [{ product_id: 'p', quantity: 1.5 }] }, false],
    ['an item without product_id', { customer_id: 'c', items: [{ quantity: 1 }] }, false],
    ['an empty list, which the function answers', { customer_id: 'c', items: [] }, true],
    ['a blank customer_id, which the function answers', { customer_id: ' ', items: [] }, true],
  ])('decides on %s', (_what, body, expected) => {
    // Act
    const passes = Check(model, body);

    // Assess
    expect(passes).toBe(expected);
  });

  it('lets every order through that the function accepts', () => {
    // Prepare
    const text = fc.string({ minLength: 1, maxLength: 10 });
    const items = fc.array(fc.record({ product_id: text, quantity: fc.integer({ min: -2, max: 5 }) }));

    fc.assert(
      fc.property(fc.record({ customer_id: text, items }), (body) => {
        // Act
        const accepted = parseOrderRequest(body).valid;
        const passes = Check(model, body);

        // Assess
        expect(passes || !accepted).toBe(true);
      }),
    );
  });
});
