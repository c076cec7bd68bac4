import { describe, expect, it } from 'vitest';
import { auditRedrives, type RedrivenState } from './audit.ts';

const order = { order_id: 'a', status: 'FULFILLED', attempts: 2, redrives: [{ attempt: 2 }] };
const sound: RedrivenState = {
  orders: [order],
  failedRows: [],
  messagesLeft: 0,
  settlements: [
    { orderId: 'a', attempt: 1 },
    { orderId: 'a', attempt: 2 },
  ],
};

describe('the audit of redrives', () => {
  it('finds nothing where all is well', () => {
    expect(auditRedrives(['a'], sound)).toEqual([]);
  });

  it.each<[string, Partial<RedrivenState>]>([
    ['no order is lost', { orders: [] }],
    ['no order is doubled', { orders: [order, { ...order, order_id: 'b' }] }],
    ['every order ends FULFILLED', { orders: [{ ...order, status: 'PROCESSING' }] }],
    ['FAILED is in both tables', { failedRows: ['a'] }],
    ['FAILED is in both tables', { failedRows: ['c'] }],
    ['each redrive is one attempt, kept on the order', { orders: [{ ...order, redrives: [] }] }],
    [
      'each attempt has its effect once',
      { settlements: [...sound.settlements, { orderId: 'a', attempt: 2 }] },
    ],
    ['each attempt has its effect once', { settlements: sound.settlements.slice(0, 1) }],
    [
      'one redrive is enough',
      { orders: [{ ...order, attempts: 3, redrives: [{ attempt: 2 }, { attempt: 3 }] }] },
    ],
    ['queues come to rest', { messagesLeft: 1 }],
  ])('finds that this is broken: %s', (promise, changes) => {
    // Act
    const violations = auditRedrives(['a'], { ...sound, ...changes });

    // Assess
    expect(violations.map((violation) => violation.promise)).toContain(promise);
  });
});
