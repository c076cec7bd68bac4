import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedWarehouse, WarehouseUnreachableError } from './simulated-warehouse.ts';

function request(idempotencyKey: string, delivery = 1) {
  const order = { customer_id: 'customer', items: [{ product_id: 'product', quantity: 1 }] };
  return { order, orderId: 'order', idempotencyKey, attempt: 1, delivery };
}

async function share<T>(count: number, look: (key: string) => Promise<T>, holds: (value: T) => boolean) {
  const values = await Promise.all(Array.from({ length: count }, (_, index) => look(`order-${index}:1`)));
  return values.filter(holds).length / count;
}

describe('the simulated warehouse', () => {
  it.each([0, 0.3, 0.7, 0.9, 1])('fulfils a share of %d of the orders', async (successRate) => {
    // Prepare
    const warehouse = simulatedWarehouse({ successRate, errorRate: 0 });

    // Act
    const fulfilled = await share(
      5_000,
      (key) => warehouse.fulfil(request(key)),
      (answer) => answer.fulfilled,
    );

    // Assess: within four standard deviations.
    const deviation = Math.sqrt((successRate * (1 - successRate)) / 5_000);
    expect(Math.abs(fulfilled - successRate)).toBeLessThanOrEqual(4 * deviation);
  });

  it('gives every repetition of a request the same answer', async () => {
    // Prepare
    const warehouse = simulatedWarehouse({ successRate: 0.5, errorRate: 0 });

    await fc.assert(
      fc.asyncProperty(fc.string(), fc.nat(), fc.nat(), async (key, one, other) => {
        // Act
        const answers = await Promise.all([one, other].map((count) => warehouse.fulfil(request(key, count))));

        // Assess
        expect(answers[0]).toEqual(answers[1]);
      }),
    );
  });

  it('does not err again and again because it erred in an earlier attempt', async () => {
    // Prepare
    const warehouse = simulatedWarehouse({ successRate: 1, errorRate: 0.5 });

    // Act: three deliveries each, in ten attempts of one request
    const errors = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        warehouse.fulfil({ ...request('order:1', 1 + (index % 3)), attempt: 1 + Math.floor(index / 3) }).then(
          () => false,
          () => true,
        ),
      ),
    );

    // Assess
    expect(errors).toContain(false);
    expect(errors).toContain(true);
  });

  it('errs for a share of the deliveries, drawn anew for each', async () => {
    // Prepare
    const warehouse = simulatedWarehouse({ successRate: 1, errorRate: 0.5 });
    const errs = (key: string, delivery: number) =>
      warehouse.fulfil(request(key, delivery)).then(
        () => false,
        (error: unknown) => error instanceof WarehouseUnreachableError,
      );

    // Act
    const first = await share(2_000, (key) => errs(key, 1), Boolean);
    const both = await share(2_000, async (key) => (await errs(key, 1)) && (await errs(key, 2)), Boolean);

    // Assess
    expect(first).toBeCloseTo(0.5, 1);
    expect(both).toBeCloseTo(0.25, 1);
  });
});
