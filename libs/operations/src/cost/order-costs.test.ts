import { describe, expect, it } from 'vitest';
import { lookUpCost } from './look-up-cost.ts';
import { isWhole, orderCosts } from './order-costs.ts';
import { priceOf } from './price-usage.ts';
import { PRICES } from './prices.ts';
import type { UsageLine } from './usage.ts';

const line = (
  service: string,
  operation: string,
  count: number,
  amounts: Record<string, number>,
): UsageLine => ({
  service,
  resource: service !== 'states' ? 'r' : operation === 'StartExecution' ? 'API' : 'order-processing',
  operation,
  count,
  amounts,
});
const STATES = ['ValidateOrder', 'CheckValidation', 'StoreOrder', 'CheckStorage', 'SendToQueue', 'execution'];
const GOOD_ORDER = [
  line('apigateway', 'POST /order', 1, { apiRequests: 1 }),
  line('lambda', 'Invoke', 3.1, { invocations: 3.1, billedMs: 31, gbSeconds: 0.00388 }),
  line('states', 'StartExecution', 1, {}),
  ...STATES.map((state) => line('states', state, 1, { transitions: 1 })),
  line('dynamodb', 'writes', 2, { writeUnits: 5 }),
  line('sqs', 'SendMessage', 1.2, { requests: 1.2 }),
  line('logs', 'PutLogEvents', 5, { logBytes: 2048 }),
];

describe('the price of a use', () => {
  it('is the sum of amounts times unit prices', () => {
    // Act
    const cost = priceOf(GOOD_ORDER);

    // Assess: by hand, in dollars a million orders
    expect(cost.apiGateway * 1e6).toBeCloseTo(3.5, 6);
    expect(cost.stepFunctions * 1e6).toBeCloseTo(150, 6);
    expect(cost.dynamoDb * 1e6).toBeCloseTo(3.125, 6);
    expect(cost.sqs * 1e6).toBeCloseTo(0.48, 6);
    expect(cost.lambda * 1e6).toBeCloseTo(0.62 + 3880 * 0.0000133334, 6);
    const { total, ...parts } = cost;
    expect(total).toBeCloseTo(
      Object.values(parts).reduce((sum, part) => sum + part),
      12,
    );
  });

  it('doesn’t charge an order for polling an empty queue', () => {
    // Act
    const cost = priceOf([line('sqs', 'ReceiveMessage', 9, { emptyReceives: 9 })]);

    // Assess
    expect(cost.total).toBe(0);
  });

  it('has a source for each service that it prices', () => {
    // Assess
    expect(Object.values(PRICES.sources).every((url) => url.startsWith('https://aws.amazon.com/'))).toBe(
      true,
    );
  });
});

describe('costs by outcome', () => {
  it('takes the mean of the orders that ended so, and leaves out those under way', () => {
    // Prepare
    const usages = {
      a: GOOD_ORDER,
      b: [...GOOD_ORDER, line('dynamodb', 'retry', 1, { writeUnits: 2 })],
      c: [...GOOD_ORDER, line('dynamodb', 'writes', 1, { writeUnits: 1000 })],
    };

    // Act
    const costs = orderCosts(
      usages,
      new Map([
        ['a', 'FULFILLED'],
        ['b', 'FULFILLED'],
        ['c', 'PROCESSING'],
      ]),
    );

    // Assess
    expect(costs.map(({ outcome, orders }) => [outcome, orders])).toEqual([['FULFILLED', 2]]);
    expect((costs[0]?.standard.dynamoDb ?? 0) * 1e6).toBeCloseTo(6 * 0.625, 6);
  });

  it('leaves out orders of which the meter saw a part only, and what look-ups used', () => {
    // Prepare
    const lookUp = [
      line('apigateway', 'GET /order/{order_id}', 2, { apiRequests: 2 }),
      line('lambda', 'Invoke for GET /order/{order_id}', 2, { invocations: 2 }),
    ];
    const usages = { a: [...GOOD_ORDER, ...lookUp], old: lookUp };
    const statuses = new Map([
      ['a', 'FULFILLED'],
      ['old', 'FULFILLED'],
    ]);

    // Act
    const costs = orderCosts(usages, statuses);
    const perLookUp = lookUpCost(usages);

    // Assess
    expect(costs).toEqual(orderCosts({ a: GOOD_ORDER }, statuses));
    expect(Object.entries(usages).map(([id, usage]) => [id, isWhole(usage)])).toEqual([
      ['a', true],
      ['old', false],
    ]);
    expect(perLookUp?.lookUps).toBe(4);
    expect((perLookUp?.cost.total ?? 0) * 1e6).toBeCloseTo(3.5 + 0.2, 9);
    expect(lookUpCost({ a: GOOD_ORDER })).toBeUndefined();
  });

  it('prices the same order under the other workflow type', () => {
    // Act
    const [costs] = orderCosts({ a: GOOD_ORDER }, new Map([['a', 'FULFILLED']]));

    // Assess: one request, and 64 MB for a second
    expect((costs?.express.stepFunctions ?? 0) * 1e6).toBeCloseTo(1 + (0.0625 * 0.06 * 1e6) / 3600, 6);
    expect(costs?.express.dynamoDb).toBe(costs?.standard.dynamoDb);
    expect(costs?.original.stepFunctions).toBeCloseTo(7 * 25e-6, 12);
  });
});
