import { randomUUID } from 'node:crypto';
import { failedOrderOf } from '@dofs/orders/failed-order';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoOrderTables } from './dynamo-order-tables.ts';
import type { OrderTables } from './order-tables.ts';
import { startDynaliteTables, type DynaliteTables } from './testing/dynalite-tables.ts';
import { inMemoryOrderTables } from './testing/in-memory-order-tables.ts';
import { processingOrder } from './testing/processing-order.ts';

const T1 = '2026-03-01T10:00:01.000Z';
const T2 = '2026-03-01T10:00:02.000Z';
const FAILURE = { at: T1, source: 'fulfillment', reason: 'out of stock' } as const;

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynaliteTables();
});
afterAll(async () => {
  await dynalite.stop();
});

describe.each([
  ['in DynamoDB', () => dynamoOrderTables(dynalite.client, dynalite.names)],
  ['in the model', () => inMemoryOrderTables()],
])('order tables %s', (_where, makeTables: () => OrderTables) => {
  it('stores an order once and shows the one that is there', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();

    // Act
    const first = await tables.createOrder(order);
    const second = await tables.createOrder({ ...order, customer_id: 'customer-2' });

    // Assess
    expect(first).toEqual({ created: true });
    expect(second).toEqual({ created: false, existing: order });
    expect(await tables.getOrder(order.order_id)).toEqual(order);
  });

  it('knows nothing of an order that was never stored', async () => {
    // Prepare
    const tables = makeTables();
    const orderId = randomUUID();

    // Act
    const order = await tables.getOrder(orderId);
    const row = await tables.getFailedOrder(orderId);
    const settled = await tables.settleFulfilled({ orderId, attempt: 1 }, T1);

    // Assess
    expect(order).toBeUndefined();
    expect(row).toBeUndefined();
    expect(settled).toEqual({ done: false, order: undefined });
  });

  it('reads many orders, leaving out what is not there', async () => {
    // Prepare
    const tables = makeTables();
    const orders = Array.from({ length: 120 }, () => processingOrder());
    await Promise.all(orders.map((order) => tables.createOrder(order)));

    // Act
    const found = await tables.getOrders([...orders.map(({ order_id }) => order_id), randomUUID()]);

    // Assess
    expect(new Set(found.map(({ order_id }) => order_id))).toEqual(
      new Set(orders.map(({ order_id }) => order_id)),
    );
    expect(await tables.getOrders([])).toEqual([]);
  });

  it('tells how orders stand without what they consist of', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();
    await tables.createOrder(order);

    // Act
    const states = await tables.getOrderStates([order.order_id, randomUUID()]);

    // Assess
    const { order_id, correlation_id, status, updated_at, attempts } = order;
    expect(states).toEqual([{ order_id, correlation_id, status, updated_at, attempts }]);
  });

  it('fulfils an order once', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();
    await tables.createOrder(order);
    const attempt = { orderId: order.order_id, attempt: 1 };
    const fulfilled = { ...order, status: 'FULFILLED', updated_at: T1, fulfilled_at: T1 };

    // Act
    const first = await tables.settleFulfilled(attempt, T1);
    const again = await tables.settleFulfilled(attempt, T2);
    const failed = await tables.settleFailed(attempt, { ...FAILURE, at: T2 });

    // Assess
    expect(first).toEqual({ done: true, order: fulfilled });
    expect(again).toEqual({ done: false, order: fulfilled });
    expect(failed).toEqual({ done: false, order: fulfilled });
  });

  it('lets exactly one of many at once settle an order', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();
    await tables.createOrder(order);
    const attempt = { orderId: order.order_id, attempt: 1 };

    // Act
    const transitions = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? tables.settleFulfilled(attempt, T1) : tables.settleFailed(attempt, FAILURE),
      ),
    );

    // Assess
    expect(transitions.filter(({ done }) => done)).toHaveLength(1);
  });

  it('refuses a settlement of another attempt than the current one', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder({ attempts: 2 });
    await tables.createOrder(order);

    // Act
    const early = await tables.settleFulfilled({ orderId: order.order_id, attempt: 1 }, T1);
    const late = await tables.settleFailed({ orderId: order.order_id, attempt: 3 }, FAILURE);

    // Assess
    expect(early).toEqual({ done: false, order });
    expect(late).toEqual({ done: false, order });
  });

  it('fails an order that is there, or stores it as failed', async () => {
    // Prepare
    const tables = makeTables();
    const stored = processingOrder();
    const unknown = processingOrder();
    await tables.createOrder(stored);

    // Act
    const ofStored = await tables.upsertFailed(stored, FAILURE);
    const ofUnknown = await tables.upsertFailed(unknown, FAILURE);

    // Assess
    const failure = { failed_at: T1, failure_source: 'fulfillment', failure_reason: 'out of stock' };
    for (const [order, transition] of [
      [stored, ofStored],
      [unknown, ofUnknown],
    ] as const) {
      const failed = { ...order, status: 'FAILED', updated_at: T1, ...failure };
      expect(transition).toEqual({ done: true, order: failed });
      expect(await tables.getOrder(order.order_id)).toEqual(failed);
    }
  });

  it('fails neither the same order of another execution nor another order of the same id', async () => {
    // Prepare
    const tables = makeTables();
    const twin = processingOrder();
    const other = processingOrder();
    await tables.createOrder(twin);
    await tables.createOrder(other);

    // Act
    const ofTwin = await tables.upsertFailed({ ...twin, execution_arn: 'arn:of:the:second' }, FAILURE);
    const ofOther = await tables.upsertFailed(
      { ...other, execution_arn: 'arn:of:the:second', items: [{ product_id: 'product-2', quantity: 2 }] },
      FAILURE,
    );

    // Assess
    expect(ofTwin).toEqual({ done: false, order: twin });
    expect(await tables.getOrder(twin.order_id)).toEqual(twin);
    expect(ofOther).toEqual({ done: false, order: other });
    expect(await tables.getOrder(other.order_id)).toEqual(other);
  });

  it('never writes over what an order consists of', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();
    await tables.createOrder(order);

    // Act
    await tables.upsertFailed({ ...order, items: [{ product_id: 'garbled', quantity: 2 }] }, FAILURE);
    const other = await tables.upsertFailed({ ...order, customer_id: 'garbled' }, FAILURE);

    // Assess
    expect(await tables.getOrder(order.order_id)).toMatchObject({
      status: 'FAILED',
      customer_id: order.customer_id,
      items: order.items,
    });
    expect(other.done).toBe(false);
  });

  it('fails an order that is not there with all that it consists of, however much that is', async () => {
    // Prepare: a field that orders may get one day
    const tables = makeTables();
    const order = { ...processingOrder(), fulfillment_request: 2, gift_note: 'for you' };

    // Act
    await tables.upsertFailed(order, FAILURE);

    // Assess
    expect(await tables.getOrder(order.order_id)).toEqual({
      ...order,
      status: 'FAILED',
      updated_at: FAILURE.at,
      failed_at: FAILURE.at,
      failure_source: FAILURE.source,
      failure_reason: FAILURE.reason,
    });
  });

  it('reopens a failed order once, and keeps who did it', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();
    await tables.createOrder(order);
    const attempt = { orderId: order.order_id, attempt: 1 };
    await tables.settleFailed(attempt, FAILURE);
    const failed = (await tables.getOrder(order.order_id)) ?? order;

    // Act
    const reopened = await tables.reopenOrder(failed, { at: T2, by: 'ann' });
    const again = await tables.reopenOrder(failed, { at: T2, by: 'bob' });

    // Assess
    const expected = {
      ...order,
      updated_at: T2,
      attempts: 2,
      // The warehouse itself refused: it is asked anew.
      fulfillment_request: 2,
      redrives: [{ at: T2, by: 'ann', attempt: 2 }],
    };
    expect(reopened).toEqual({ done: true, order: expected });
    expect(again).toEqual({ done: false, order: expected });
  });

  it('requeues a processing order once for each attempt', async () => {
    // Prepare
    const tables = makeTables();
    const order = processingOrder();
    await tables.createOrder(order);

    // Act
    await tables.requeueOrder({ orderId: order.order_id, attempt: 1 }, { at: T1, by: 'sweep' });
    const again = await tables.requeueOrder({ orderId: order.order_id, attempt: 1 }, { at: T1, by: 'sweep' });
    const next = await tables.requeueOrder({ orderId: order.order_id, attempt: 2 }, { at: T2, by: 'sweep' });

    // Assess
    expect(again.done).toBe(false);
    expect(next).toEqual({
      done: true,
      order: {
        ...order,
        updated_at: T2,
        attempts: 3,
        redrives: [
          { at: T1, by: 'sweep', attempt: 2 },
          { at: T2, by: 'sweep', attempt: 3 },
        ],
      },
    });
  });

  it('keeps the failed row of the latest attempt, and removes none that is later', async () => {
    // Prepare
    const tables = makeTables();
    const failed = (attempts: number) =>
      failedOrderOf(
        {
          ...processingOrder({ order_id: 'the-order', attempts }),
          status: 'FAILED',
          failed_at: T1,
          failure_source: 'fulfillment',
          failure_reason: 'out of stock',
        },
        'the message',
      );

    // Act
    await tables.putFailedOrder(failed(2));
    await tables.putFailedOrder(failed(1));
    const kept = await tables.getFailedOrder('the-order');
    await tables.deleteFailedOrder({ orderId: 'the-order', attempt: 1 });
    const keptStill = await tables.getFailedOrder('the-order');
    await tables.deleteFailedOrder({ orderId: 'the-order', attempt: 2 });
    await tables.deleteFailedOrder({ orderId: 'the-order', attempt: 2 });

    // Assess
    expect(kept).toEqual(failed(2));
    expect(keptStill).toEqual(failed(2));
    expect(await tables.getFailedOrder('the-order')).toBeUndefined();
  });

  it('lists orders of one status by time, over all shards', async () => {
    // Prepare
    const tables = makeTables();
    const times = Array.from({ length: 40 }, (_, minute) =>
      new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString(),
    );
    const orders = times.map((created_at) => processingOrder({ created_at }));
    await Promise.all(orders.map((order) => tables.createOrder(order)));
    const [first] = orders;
    await tables.settleFulfilled({ orderId: first?.order_id ?? '', attempt: 1 }, T1);

    // Act
    const oldest = await tables.listOrdersByStatus('PROCESSING', {
      from: '2030-01-01T00:00:00.000Z',
      limit: 3,
      newestFirst: false,
    });
    const newest = await tables.listOrdersByStatus('PROCESSING', {
      from: '2030-01-01T00:00:00.000Z',
      to: times[30] ?? '',
      limit: 100,
      newestFirst: true,
    });

    // Assess
    expect(oldest.map(({ created_at }) => created_at)).toEqual(times.slice(1, 4));
    expect(newest.map(({ created_at }) => created_at)).toEqual(times.slice(1, 31).reverse());
    expect(newest[0]?.order_id).toBe(orders[30]?.order_id);
  });

  it('lists failed orders by time, over days and shards', async () => {
    // Prepare
    const tables = makeTables();
    const times = Array.from({ length: 20 }, (_, index) =>
      new Date(Date.UTC(2031, 0, 1, index * 4)).toISOString(),
    );
    for (const [index, failed_at] of times.entries()) {
      await tables.putFailedOrder({
        order_id: `failed-${index}`,
        failed_at,
        failure_source: 'sqs-dlq',
        failure_reason: 'received too often',
        original_message: 'x',
      });
    }
    const range = { from: times[2] ?? '', to: times[17] ?? '' };

    // Act
    const newest = await tables.listFailedOrders({ ...range, limit: 5, newestFirst: true });
    const all = await tables.listFailedOrders({ ...range, limit: 100, newestFirst: false });

    // Assess
    expect(newest.map(({ failed_at }) => failed_at)).toEqual(times.slice(13, 18).reverse());
    expect(all.map(({ failed_at }) => failed_at)).toEqual(times.slice(2, 18));
    expect(all[0]).toEqual({
      order_id: 'failed-2',
      failed_at: times[2],
      failure_source: 'sqs-dlq',
      failure_reason: 'received too often',
    });
  });
});
