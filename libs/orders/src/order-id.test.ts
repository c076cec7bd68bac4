import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIssuedOrderId, isUuid, newOrderId, orderIdForKey } from './order-id.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:orders';
const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const randomBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('order ids', () => {
  it('are UUIDs of version 4 that their state machine knows again, and no other', () => {
    fc.assert(
      fc.property(randomBytes, (random) => {
        // Act
        const id = newOrderId(MACHINE, random);

        // Assess
        expect(id).toMatch(VERSION_4);
        expect(isUuid(id)).toBe(true);
        expect(isIssuedOrderId(MACHINE, id)).toBe(true);
        expect(isIssuedOrderId(`${MACHINE}-2`, id)).toBe(false);
      }),
    );
  });

  it('are told from UUIDs of other origin', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        // Act
        const isOurs = isIssuedOrderId(MACHINE, id);

        // Assess
        expect(isOurs).toBe(false);
      }),
    );
  });

  it('follow from customer and key, each part by itself', () => {
    // Act
    const ids = [
      orderIdForKey(MACHINE, 'customer', 'key'),
      orderIdForKey(MACHINE, 'customer', 'key'),
      orderIdForKey(MACHINE, 'customerk', 'ey'),
      orderIdForKey(MACHINE, 'another', 'key'),
      orderIdForKey(`${MACHINE}-2`, 'customer', 'key'),
    ];

    // Assess
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
    expect(ids.slice(0, 4).every((id) => isIssuedOrderId(MACHINE, id))).toBe(true);
  });

  it.each(['', 'x', '00000000-0000-4000-8000-00000000000G', '00000000-0000-4000-8000-00000000000A'])(
    'are not %j',
    (text) => {
      // Act
      const isOne = isUuid(text) || isIssuedOrderId(MACHINE, text);

      // Assess
      expect(isOne).toBe(false);
    },
  );
});
