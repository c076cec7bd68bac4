import { sqsRecord, UNHURRIED } from '@dofs/lambda-kit/testing/sqs-records';
import { testBasics } from '@dofs/lambda-kit/testing/test-basics';
import { inMemoryOrderTables } from '@dofs/order-tables/testing/in-memory-order-tables';
import { messageOf } from '@dofs/orders/message-of-order';
import { failedOrderOf } from '@dofs/orders/failed-order';
import { newOrder } from '@dofs/orders/new-order';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedMessageRows, MAX_PIECE_BYTES } from './failed-message.ts';
import { createHandler } from './handler.ts';

const NOW = '2026-03-01T10:00:05.000Z';
const ORDER = newOrder({
  order_id: '00000000-0000-4000-8000-000000000001',
  correlation_id: 'correlation-1',
  order: { customer_id: 'customer', items: [{ product_id: 'product', quantity: 2 }] },
  execution_arn: 'arn:execution:1',
  created_at: '2026-03-01T10:00:00.000Z',
});

const FAILURE = { at: NOW, source: 'fulfillment', reason: 'out of stock' } as const;

function world() {
  const tables = inMemoryOrderTables();
  const basics = testBasics(() => NOW);
  return { tables, basics, handler: createHandler({ ...basics, tables }) };
}

describe('dlq-handler', () => {
  it('fails the order of a message and keeps the message whole', async () => {
    // Prepare
    const { tables, basics, handler } = world();
    await tables.createOrder(ORDER);
    const body = ` ${JSON.stringify(messageOf(ORDER))}\n`;

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.orders.get(ORDER.order_id)).toMatchObject({
      status: 'FAILED',
      failed_at: NOW,
      failure_source: 'sqs-dlq',
      failure_reason: 'the message was received too often without success',
    });
    expect(tables.failedOrders.get(ORDER.order_id)).toMatchObject({
      failure_source: 'sqs-dlq',
      original_message: body,
      attempts: 1,
    });
    expect(basics.lines[0]).toMatchObject({
      level: 'WARN',
      order_id: ORDER.order_id,
      correlation_id: 'correlation-1',
    });
    expect(basics.lines[1]).toMatchObject({ OrdersDeadLettered: 1, OrdersFailed: 1 });
  });

  it('takes source and reason from the workflow where it dead-lettered the order itself', async () => {
    // Prepare
    const { tables, handler } = world();
    const failure = { source: 'queue', reason: 'SendMessage was refused' };

    // Act
    await handler(
      { Records: [sqsRecord('m1', JSON.stringify({ ...messageOf(ORDER), failure }))] },
      UNHURRIED,
    );

    // Assess
    expect(tables.orders.get(ORDER.order_id)).toMatchObject({
      status: 'FAILED',
      failure_source: 'queue',
      failure_reason: 'SendMessage was refused',
      total_quantity: 2,
    });
    expect(tables.failedOrders.get(ORDER.order_id)?.failure_source).toBe('queue');
  });

  it('leaves an order alone that was given up by another execution than the one that stored it', async () => {
    // Prepare: EXPRESS, a repeated key
    const { tables, basics, handler } = world();
    await tables.createOrder(ORDER);
    const failure = { source: 'queue', reason: 'SendMessage was refused' };
    const body = JSON.stringify({ ...messageOf(ORDER), execution_arn: 'arn:execution:2', failure });

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.orders.get(ORDER.order_id)).toEqual(ORDER);
    expect(tables.failedOrders.size).toBe(0);
    expect(JSON.stringify(basics.lines)).not.toMatch(/OrdersDeadLettered|OrdersFailed/);
  });

  it('fails the order of a message that was received too often, whichever execution sent it', async () => {
    // Prepare
    const { tables, handler } = world();
    await tables.createOrder(ORDER);
    const body = JSON.stringify({ ...messageOf(ORDER), execution_arn: 'arn:execution:2' });

    // Act
    await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(tables.orders.get(ORDER.order_id)).toMatchObject({ status: 'FAILED', failure_source: 'sqs-dlq' });
    expect(tables.failedOrders.get(ORDER.order_id)?.original_message).toBe(body);
  });

  it('never counts a stale message as a dead-lettered order', async () => {
    // Prepare
    const { tables, basics, handler } = world();
    await tables.createOrder(ORDER);
    await tables.settleFulfilled({ orderId: ORDER.order_id, attempt: 1 }, NOW);

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', JSON.stringify(messageOf(ORDER)))] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.failedOrders.size).toBe(0);
    expect(basics.lines.map(({ level }) => level)).toEqual(['WARN']);
  });

  it('stores an order that is not there any more with the number of its request to the warehouse', async () => {
    // Prepare
    const { tables, handler } = world();
    const body = JSON.stringify({ ...messageOf(ORDER), attempt: 3, fulfillment_request: 2 });

    // Act
    await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(tables.orders.get(ORDER.order_id)).toMatchObject({
      status: 'FAILED',
      attempts: 3,
      fulfillment_request: 2,
    });
  });

  it('takes the row of an earlier failure along where the redriven order was fulfilled', async () => {
    // Prepare: fulfill-order settled the second attempt, but could not remove the row of the first
    const { tables, handler } = world();
    await tables.createOrder(ORDER);
    const failed = await tables.settleFailed({ orderId: ORDER.order_id, attempt: 1 }, FAILURE);
    await tables.putFailedOrder(failedOrderOf(failed.order ?? ORDER, '{}'));
    await tables.reopenOrder({ order_id: ORDER.order_id, attempts: 1 }, { at: NOW, by: 'ann' });
    await tables.settleFulfilled({ orderId: ORDER.order_id, attempt: 2 }, NOW);

    // Act
    const body = JSON.stringify({ ...messageOf(ORDER), attempt: 2 });
    const answer = await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(tables.failedOrders.size).toBe(0);
  });

  it.each([
    ['an attempt beyond all numbers', { attempt: 1e300 }],
    ['a correlation id that fits into no row', { correlation_id: 'x'.repeat(410_000) }],
    ['a reason that fits into no row', { failure: { source: 'queue', reason: 'x'.repeat(410_000) } }],
    ['a time that is no key', { created_at: '' }],
  ])('keeps a message with %s, and so does not get it for ever', async (_what, odd) => {
    // Prepare
    const { tables, handler } = world();
    const body = JSON.stringify({ ...messageOf(ORDER), ...odd });

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    const kept = [...tables.failedOrders.values()];
    expect(kept.map(({ original_message }) => original_message).join('')).toBe(body);
    expect(tables.orders.size).toBe(0);
  });

  it('keeps a message in the queue as long as it can not be recorded', async () => {
    // Prepare
    const basics = testBasics(() => NOW);
    const tables = {
      ...inMemoryOrderTables(),
      putFailedOrder: () => Promise.reject(new Error('no write capacity')),
    };
    const handler = createHandler({ ...basics, tables });

    // Act
    const answer = await handler(
      { Records: [sqsRecord('good', JSON.stringify(messageOf(ORDER))), sqsRecord('bad', '{')] },
      UNHURRIED,
    );

    // Assess
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'good' }, { itemIdentifier: 'bad' }]);
    expect(basics.lines.slice(0, 2).map(({ error_message }) => error_message)).toEqual([
      'no write capacity',
      'no write capacity',
    ]);
    expect(basics.lines[2]).toMatchObject({ DeadLettersNotRecorded: 2 });
  });

  it('keeps a message that is too big for one item whole, in several', async () => {
    // Prepare
    const { tables, handler } = world();
    const body = JSON.stringify({ ...messageOf(ORDER), note: 'ä€😀'.repeat(60_000) });

    // Act
    const answer = await handler({ Records: [sqsRecord('m1', body)] }, UNHURRIED);

    // Assess
    expect(answer).toEqual({ batchItemFailures: [] });
    const pieces = ['message-m1', 'message-m1.2'].map((id) => tables.failedOrders.get(id)?.original_message);
    expect(pieces.join('')).toBe(body);
    expect(tables.failedOrders.get(ORDER.order_id)?.original_message).toBe(JSON.stringify(messageOf(ORDER)));
    expect(tables.orders.get(ORDER.order_id)?.status).toBe('FAILED');
  });
});

describe('the rows of a message that names no order', () => {
  it('fit into items and make up the message, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 60_000 }),
        (text, repetitions) => {
          // Prepare
          const body = text.repeat(repetitions);

          // Act
          const rows = failedMessageRows({ messageId: 'm1', body }, { reason: 'because', at: NOW });

          // Assess
          expect(rows.map(({ original_message }) => original_message).join('')).toBe(body);
          for (const { original_message } of rows) {
            expect(Buffer.byteLength(original_message)).toBeLessThanOrEqual(MAX_PIECE_BYTES);
          }
          expect(new Set(rows.map(({ order_id }) => order_id)).size).toBe(rows.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});
