import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import { parseQueueMessage } from '@dofs/orders/queue-message';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redriveOrder, type RedrivePorts } from './redrive.ts';
import { startAwsEngines, type AwsEngines } from './testing/aws-engines.ts';
import { failedOrder, rowOf } from './testing/orders.ts';

const NOW = '2026-03-02T08:00:00.000Z';

class Killed extends Error {}

describe('redrive of a failed order', () => {
  let engines: AwsEngines;
  let tables: OrderTables;
  beforeAll(async () => {
    engines = await startAwsEngines();
    tables = dynamoOrderTables(engines.dynamo, {
      orders: engines.target.names.ordersTable,
      failedOrders: engines.target.names.failedOrdersTable,
    });
  });
  afterAll(() => engines.close());

  async function storedFailure(changes: Parameters<typeof failedOrder>[0] = {}) {
    const order = failedOrder(changes);
    await tables.createOrder(order);
    await tables.putFailedOrder(rowOf(order));
    return order;
  }

  function ports(changes: Partial<RedrivePorts> = {}): RedrivePorts & { readonly sent: string[] } {
    const sent: string[] = [];
    return {
      tables,
      send: (body) => {
        sent.push(body);
        return Promise.resolve();
      },
      now: () => NOW,
      by: 'ada@desk',
      sent,
      ...changes,
    };
  }

  it('begins the next attempt, sends its message, notes who asked, and removes the row', async () => {
    // Prepare
    const order = await storedFailure();
    const redrive = ports();

    // Act
    const result = await redriveOrder(redrive, order.order_id);

    // Assess
    expect(result).toEqual({ orderId: order.order_id, action: 'redrive', attempt: 2 });
    const stored = await tables.getOrder(order.order_id);
    expect(stored).toMatchObject({
      status: 'PROCESSING',
      attempts: 2,
      redrives: [{ at: NOW, by: 'ada@desk', attempt: 2 }],
    });
    expect(stored?.failure_reason).toBeUndefined();
    const [message, ...others] = redrive.sent.map(parseQueueMessage);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      valid: true,
      message: { order_id: order.order_id, attempt: 2, order: { customer_id: order.customer_id } },
    });
    expect(await tables.getFailedOrder(order.order_id)).toBeUndefined();
  });

  it.each(['before the message', 'before the row is removed'] as const)(
    'goes on where a run that was killed %s had stopped, with the same attempt',
    async (where) => {
      // Prepare
      const order = await storedFailure();
      const killed = () => Promise.reject(new Killed());
      const dying =
        where === 'before the message'
          ? ports({ send: killed })
          : ports({ tables: { ...tables, deleteFailedOrder: killed } });
      await expect(redriveOrder(dying, order.order_id)).rejects.toThrow(Killed);
      const again = ports();

      // Act
      const result = await redriveOrder(again, order.order_id);

      // Assess
      expect(result).toEqual({ orderId: order.order_id, action: 'resume', attempt: 2 });
      expect(again.sent.map((body) => (JSON.parse(body) as { attempt: number }).attempt)).toEqual([2]);
      const stored = await tables.getOrder(order.order_id);
      expect(stored).toMatchObject({ status: 'PROCESSING', attempts: 2 });
      expect(stored?.redrives).toHaveLength(1);
      expect(await tables.getFailedOrder(order.order_id)).toBeUndefined();
    },
  );

  it('removes only the row of an order that was fulfilled meanwhile', async () => {
    // Prepare
    const order = await storedFailure();
    const dying = ports({ tables: { ...tables, deleteFailedOrder: () => Promise.reject(new Killed()) } });
    await expect(redriveOrder(dying, order.order_id)).rejects.toThrow(Killed);
    await tables.settleFulfilled({ orderId: order.order_id, attempt: 2 }, NOW);
    const again = ports();

    // Act
    const result = await redriveOrder(again, order.order_id);

    // Assess
    expect(result.action).toBe('clear');
    expect(again.sent).toEqual([]);
    expect((await tables.getOrder(order.order_id))?.status).toBe('FULFILLED');
    expect(await tables.getFailedOrder(order.order_id)).toBeUndefined();
  });

  it('keeps the row of the new attempt when that fails before the old row is removed', async () => {
    // Prepare
    const order = await storedFailure();
    const failsAtOnce = async () => {
      const failure = { at: NOW, source: 'fulfillment', reason: 'again' } as const;
      const { order: failed } = await tables.settleFailed({ orderId: order.order_id, attempt: 2 }, failure);
      await tables.putFailedOrder(rowOf(failed ?? order));
    };

    // Act
    await redriveOrder(ports({ send: failsAtOnce }), order.order_id);

    // Assess
    expect(await tables.getFailedOrder(order.order_id)).toMatchObject({
      attempts: 2,
      failure_reason: 'again',
    });
    expect((await tables.getOrder(order.order_id))?.status).toBe('FAILED');
  });

  it('begins one attempt when two operators ask at once', async () => {
    // Prepare
    const order = await storedFailure();

    // Act
    await Promise.all([redriveOrder(ports(), order.order_id), redriveOrder(ports(), order.order_id)]);

    // Assess
    const stored = await tables.getOrder(order.order_id);
    expect(stored?.attempts).toBe(2);
    expect(stored?.redrives).toHaveLength(1);
    expect(await tables.getFailedOrder(order.order_id)).toBeUndefined();
  });

  it.each([
    ['has no row', undefined],
    ['has the row of an earlier one only', 1],
  ])('moves an order on whose newest failure %s, writing it first', async (_what, rowAttempt) => {
    // Prepare
    const order = failedOrder({ attempts: 2 });
    await tables.createOrder(order);
    if (rowAttempt !== undefined) {
      await tables.putFailedOrder(rowOf(order, { attempts: rowAttempt }));
    }
    const dying = ports({ send: () => Promise.reject(new Killed()) });

    // Act
    await expect(redriveOrder(dying, order.order_id)).rejects.toThrow(Killed);
    const rowAfterKill = await tables.getFailedOrder(order.order_id);
    const again = ports();
    const result = await redriveOrder(again, order.order_id);

    // Assess
    expect(rowAfterKill).toMatchObject({ attempts: 2, failure_reason: 'out of stock' });
    expect(result).toEqual({ orderId: order.order_id, action: 'resume', attempt: 3 });
    expect(again.sent).toHaveLength(1);
    expect(await tables.getOrder(order.order_id)).toMatchObject({ status: 'PROCESSING', attempts: 3 });
    expect(await tables.getFailedOrder(order.order_id)).toBeUndefined();
  });

  it.each([
    ['has no row', undefined],
    ['has the row of an earlier one only', 1],
  ])(
    'leaves an order alone for a minute whose newest failure %s: it may still come',
    async (_what, rowAttempt) => {
      // Prepare
      const failedAt = Date.parse(NOW);
      const order = failedOrder({ attempts: 2, updated_at: NOW, failed_at: NOW });
      await tables.createOrder(order);
      if (rowAttempt !== undefined) {
        await tables.putFailedOrder(rowOf(order, { attempts: rowAttempt }));
      }
      const after = (ms: number) => ports({ now: () => new Date(failedAt + ms).toISOString() });
      const early = after(59_999);

      // Act
      const earlyResult = await redriveOrder(early, order.order_id);
      const afterEarly = await tables.getOrder(order.order_id);
      const lateResult = await redriveOrder(after(60_000), order.order_id);

      // Assess
      const reason = 'its failure is still being recorded: try again in a minute';
      expect(earlyResult).toEqual({ orderId: order.order_id, action: 'skip', reason });
      expect(early.sent).toEqual([]);
      expect(afterEarly).toEqual(order);
      expect(lateResult).toEqual({ orderId: order.order_id, action: 'redrive', attempt: 3 });
    },
  );

  it('redrives an order at once whose failure has its row', async () => {
    // Prepare
    const order = await storedFailure({ updated_at: NOW, failed_at: NOW });

    // Act
    const result = await redriveOrder(ports(), order.order_id);

    // Assess
    expect(result).toEqual({ orderId: order.order_id, action: 'redrive', attempt: 2 });
  });

  it('leaves an order alone that has not failed', async () => {
    // Prepare
    const order = await storedFailure();
    await redriveOrder(ports(), order.order_id);
    const again = ports();

    // Act
    const result = await redriveOrder(again, order.order_id);

    // Assess
    expect(result).toMatchObject({ action: 'skip', reason: 'it is PROCESSING, not FAILED' });
    expect(again.sent).toEqual([]);
  });

  it('does not send an order past the rule that it broke', async () => {
    // Prepare
    const order = await storedFailure({ customer_id: 'ab', failure_source: 'validation' });

    // Act
    const result = await redriveOrder(ports(), order.order_id);

    // Assess
    expect(result).toMatchObject({
      action: 'skip',
      reason: expect.stringContaining('customer_id') as string,
    });
    expect((await tables.getOrder(order.order_id))?.status).toBe('FAILED');
  });

  it('says so when a row names no order', async () => {
    // Prepare
    const row = rowOf(failedOrder(), { order_id: 'message-4711', failure_source: 'sqs-dlq' });
    await tables.putFailedOrder(row);

    // Act
    const result = await redriveOrder(ports(), 'message-4711');

    // Assess
    expect(result).toMatchObject({
      action: 'skip',
      reason: expect.stringContaining('no stored order') as string,
    });
    expect(await tables.getFailedOrder('message-4711')).toBeDefined();
  });
});
