import { describe, expect, it } from 'vitest';
import { audit, type FinalState } from './audit.ts';
import type { LedgerEntry } from './ledger.ts';

const ORDER = { customer_id: 'cust-1', items: [{ product_id: 'p', quantity: 1 }] };
const ARN = 'arn:aws:states:us-east-1:123456789012:execution:m:id-1';

function entry(change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    key: 'k',
    order: ORDER,
    accepted: [{ orderId: 'id-1', executionArn: ARN }],
    unexpected: [],
    ...change,
  };
}

function state(change: Partial<FinalState> = {}): FinalState {
  return {
    orders: [{ order_id: 'id-1', ...ORDER, status: 'FULFILLED' }],
    failedOrders: [],
    messagesLeft: 0,
    isExpress: false,
    executions: [{ name: 'id-1', status: 'SUCCEEDED' }],
    ...change,
  };
}

describe('the audit', () => {
  it('finds nothing where every promise is kept', () => {
    // Prepare
    const failed = { order_id: 'id-1', original_message: 'm' };

    // Act
    const fulfilled = audit([entry()], [], state());
    const refused = audit(
      [entry()],
      [],
      state({ orders: [{ order_id: 'id-1', ...ORDER, status: 'FAILED' }], failedOrders: [failed] }),
    );

    // Assess
    expect([...fulfilled, ...refused]).toEqual([]);
  });

  it.each<[string, LedgerEntry, FinalState]>([
    ['no accepted order is lost', entry(), state({ orders: [] })],
    [
      'no order is left hanging',
      entry(),
      state({ orders: [{ order_id: 'id-1', ...ORDER, status: 'PROCESSING' }] }),
    ],
    ['an order is stored as sent', entry({ order: { ...ORDER, customer_id: 'other' } }), state()],
    [
      'FAILED is in both tables',
      entry(),
      state({ orders: [{ order_id: 'id-1', ...ORDER, status: 'FAILED' }] }),
    ],
    [
      'FAILED is in both tables',
      entry(),
      state({ failedOrders: [{ order_id: 'id-1', original_message: '' }] }),
    ],
    [
      'no order is doubled',
      entry(),
      state({ orders: [...state().orders, { order_id: 'id-2', ...ORDER, status: 'FULFILLED' }] }),
    ],
    ['queues come to rest', entry(), state({ messagesLeft: 1 })],
    ['every execution ends', entry(), state({ executions: [{ name: 'id-1', status: 'RUNNING' }] })],
    ['only answers of the contract', entry({ unexpected: ['422 {}'] }), state()],
    ['a retried request is accepted in the end', entry({ accepted: [] }), state({ orders: [] })],
    [
      'one key, one order',
      entry({ accepted: [...entry().accepted, { orderId: 'id-2', executionArn: 'arn:x:id-2' }] }),
      state(),
    ],
  ])('sees that a promise is broken: %s', (promise, ledgerEntry, finalState) => {
    // Act
    const violations = audit([ledgerEntry], [], finalState);

    // Assess
    expect(violations.map((violation) => violation.promise)).toContain(promise);
  });

  it('lets another execution answer for a repeated key under EXPRESS only', () => {
    // Prepare
    const repeated = entry({
      accepted: [...entry().accepted, { orderId: 'id-1', executionArn: `${ARN}:again` }],
    });

    // Act
    const standard = audit([repeated], [], state());
    const express = audit([repeated], [], state({ isExpress: true, executions: [] }));

    // Assess
    expect(standard).toHaveLength(1);
    expect(express).toEqual([]);
  });

  it.each([0, 2])('wants a message that is no order kept once, not %i times', (times) => {
    // Prepare
    const rows = Array.from({ length: times }, (_, n) => ({
      order_id: `message-${n}`,
      original_message: 'poison',
    }));

    // Act
    const violations = audit(
      [entry()],
      [{ kind: 'message that is not JSON', id: 'p', body: 'poison' }],
      state({ failedOrders: rows }),
    );

    // Assess
    expect(violations).toHaveLength(1);
  });

  it.each([
    ['FAILED', 0],
    ['FULFILLED', 1],
  ])(
    'lets a message for an order that does not exist make one that is %s: %i violations',
    (status, count) => {
      // Prepare
      const poison = { kind: 'message for an order that does not exist', id: 'id-9', body: 'b' } as const;
      const made = { order_id: 'id-9', ...ORDER, status };
      const kept = { order_id: status === 'FAILED' ? 'id-9' : 'message-9', original_message: 'b' };

      // Act
      const violations = audit(
        [entry()],
        [poison],
        state({ orders: [...state().orders, made], failedOrders: [kept] }),
      );

      // Assess
      expect(violations).toHaveLength(count);
    },
  );
});
