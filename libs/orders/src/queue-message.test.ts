import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusBefore } from './life-cycle.ts';
import { messageOf } from './message-of-order.ts';
import { newOrder } from './new-order.ts';
import { MalformedInputError, parseStorageRequest } from './parse-workflow.ts';
import { parseQueueMessage } from './queue-message.ts';
import type { StorageRequest } from './workflow.ts';
import { isSameOrder } from './same-order.ts';
import { OutOfStepError, settledByOthers, UnknownOrderError } from './settled-by-others.ts';

const ORDER = newOrder({
  order_id: '00000000-0000-4000-8000-000000000001',
  correlation_id: 'correlation-1',
  order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 2 }] },
  execution_arn: 'arn:execution:1',
  created_at: '2026-03-01T10:00:00.000Z',
});

const LONG = 'x'.repeat(140_000);

describe('a queue message', () => {
  it('is read back as it was made of an order', () => {
    // Act
    const parsed = parseQueueMessage(JSON.stringify(messageOf({ ...ORDER, attempts: 3 })));

    // Assess
    expect(parsed).toEqual({ valid: true, message: { ...messageOf(ORDER), attempt: 3 } });
  });

  it.each([
    ['no JSON', '{', 'the message is not JSON'],
    ['another shape', '{"order_id":"x"}', /^the message is not a fulfilment request: /],
    [
      'an order id that is no UUID',
      JSON.stringify({ ...messageOf(ORDER), order_id: '1' }),
      /order_id is not a UUID/,
    ],
    ['attempt 0', JSON.stringify({ ...messageOf(ORDER), attempt: 0 }), /attempt/],
    // What could never be stored, and would come again and again:
    ['an attempt beyond all numbers', JSON.stringify({ ...messageOf(ORDER), attempt: 1e300 }), /attempt/],
    [
      'a long correlation id',
      JSON.stringify({ ...messageOf(ORDER), correlation_id: LONG }),
      /correlation_id/,
    ],
    ['a long ARN', JSON.stringify({ ...messageOf(ORDER), execution_arn: LONG }), /execution_arn/],
    ['no time', JSON.stringify({ ...messageOf(ORDER), created_at: '' }), /created_at/],
    [
      'a time that is none',
      JSON.stringify({ ...messageOf(ORDER), created_at: '2026-02-31T25:00:00Z' }),
      /created_at/,
    ],
    [
      'a long reason',
      JSON.stringify({ ...messageOf(ORDER), failure: { source: 'queue', reason: LONG } }),
      /reason/,
    ],
  ])('is not %s, and says why', (_what, body, reason) => {
    // Act
    const parsed = parseQueueMessage(body);

    // Assess
    expect(parsed).toEqual({
      valid: false,
      reason: typeof reason === 'string' ? reason : (expect.stringMatching(reason) as unknown),
    });
  });

  it('can be made of every order that the workflow stores', () => {
    // Prepare
    const length = fc.integer({ min: 0, max: 2_000 });
    const time = fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-01T10:00:00.123Z', 'March 1, 2026', 'x');

    fc.assert(
      fc.property(length, length, time, (correlation, arn, created_at) => {
        // Act
        let request: StorageRequest;
        try {
          request = parseStorageRequest({
            operation: 'store',
            order_id: ORDER.order_id,
            correlation_id: 'x'.repeat(correlation),
            order: { customer_id: 'customer', items: ORDER.items },
            execution_arn: 'x'.repeat(arn),
            created_at,
          });
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedInputError);
          return;
        }
        const parsed = parseQueueMessage(JSON.stringify(messageOf(newOrder(request))));

        // Assess
        expect(parsed).toMatchObject({ valid: true });
      }),
    );
  });

  it('may be anything without making the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
        // Act
        const parsed = parseQueueMessage(body);

        // Assess
        expect(parsed.valid).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an order that refuses a settlement', () => {
  const attempt = { orderId: ORDER.order_id, attempt: 2 };

  it.each([
    ['FULFILLED', 2, 'fulfilled'],
    ['FAILED', 2, 'failed'],
    ['FAILED', 3, 'superseded'],
    ['PROCESSING', 3, 'superseded'],
  ] as const)('and is %s in attempt %d was settled: %s', (status, attempts, expected) => {
    // Act
    const result = settledByOthers({ ...ORDER, status, attempts }, attempt);

    // Assess
    expect(result).toBe(expected);
  });

  it('is an error where it is out of step or unknown', () => {
    // Act
    const early = () => settledByOthers({ ...ORDER, attempts: 1 }, attempt);
    const changing = () => settledByOthers({ ...ORDER, attempts: 2 }, attempt);
    const unknown = () => settledByOthers(undefined, attempt);

    // Assess
    expect(early).toThrow(OutOfStepError);
    expect(changing).toThrow(OutOfStepError);
    expect(unknown).toThrow(UnknownOrderError);
  });
});

describe('two orders', () => {
  it('are the same if customer and items are, in their order', () => {
    // Prepare
    const item = { product_id: 'product', quantity: 2 };
    const other = { product_id: 'other', quantity: 2 };
    const order = { customer_id: 'customer', items: [item, other] };

    // Act
    const answers = [
      isSameOrder(order, { ...order, items: [{ ...item }, { ...other }] }),
      isSameOrder(order, { ...order, customer_id: 'another' }),
      isSameOrder(order, { ...order, items: [other, item] }),
      isSameOrder(order, { ...order, items: [item] }),
      isSameOrder(order, { ...order, items: [item, { ...other, quantity: 3 }] }),
    ];

    // Assess
    expect(answers).toEqual([true, false, false, false, false]);
  });
});

describe('the life cycle', () => {
  it('has exactly these ways', () => {
    // Prepare
    const states = ['PROCESSING', 'FULFILLED', 'FAILED'] as const;

    // Act
    const ways = states.map((to) => `${statusBefore(to)} -> ${to}`);

    // Assess
    expect(ways).toEqual(['FAILED -> PROCESSING', 'PROCESSING -> FULFILLED', 'PROCESSING -> FAILED']);
  });
});
