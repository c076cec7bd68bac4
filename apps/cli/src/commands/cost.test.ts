import type { CostReport } from '@dofs/operations/cost/cost-of-orders';
import { lookUpCost } from '@dofs/operations/cost/look-up-cost';
import { orderCosts } from '@dofs/operations/cost/order-costs';
import { priceOf } from '@dofs/operations/cost/price-usage';
import { usageLine as line } from '@dofs/operations/testing/usage-line';
import { describe, expect, it } from 'vitest';
import { costText } from './cost.ts';

const ORDER = [
  line('apigateway', 'api', 'POST /order', { apiRequests: 1 }),
  line('states', 'API', 'StartExecution', {}),
  line('states', 'order-processing', 'execution', { transitions: 1 }),
];
const LOOK_UP = line('apigateway', 'api', 'GET /order/{order_id}', { apiRequests: 1 });

function report(changes: Partial<CostReport> = {}): CostReport {
  const run = [...ORDER, LOOK_UP];
  return {
    since: '2026-01-01T00:00:00.000Z',
    costs: orderCosts({ a: run }, new Map([['a', 'FULFILLED']])),
    partlySeen: 0,
    lookUp: undefined,
    run,
    runCost: priceOf(run),
    emptyReceives: 4,
    ...changes,
  };
}

describe('what dofs cost prints', () => {
  it('is a price for a million orders and for one, and the sum of the run', () => {
    // Act
    const text = costText(report());

    // Assess: 3.50 for the request, 25.00 for a transition; the run has a look-up more
    expect(text).toMatch(/^total +28\.50 /m);
    expect(text).toMatch(/^one order +0\.00002850 /m);
    expect(text).toContain('All since 2026-01-01T00:00:00.000Z, as it ran: $0.000032,');
    expect(text).toContain('4 receives of empty queues are not in it.');
    expect(text).not.toMatch(/left out,|look-up|without a price/);
  });

  it('names what is in no order’s price', () => {
    // Act
    const text = costText(
      report({
        partlySeen: 3,
        lookUp: lookUpCost({ a: [LOOK_UP] }),
        run: [line('dynamodb', 'orders', 'ExecuteStatement', { unpriced: 2 })],
      }),
    );

    // Assess
    expect(text).toContain('Orders left out, as the meter saw only a part of them: 3.');
    expect(text).toContain('A look-up (GET /order/ID, mean of 1) comes on top: 3.50 a million.');
    expect(text).toContain('Calls without a price here: 2;');
    expect(text).toMatch(/X-Ray traces come on top/);
  });
});
