import { newOrder } from '@dofs/orders/new-order';
import { describe, expect, it } from 'vitest';
import { bodyOf, post, VALID_ORDER, world } from './testing/world.ts';

describe('POST /order again with one idempotency key', () => {
  const headers = { 'Idempotency-Key': 'key-1' };

  it.each(['running', 'ended'])('gives the same answer while the first is %s', async (state) => {
    // Prepare
    const { handler, executions } = world();
    const first = await handler(post({ headers: { ...headers, 'X-Correlation-Id': 'first' } }));
    for (const execution of executions) {
      execution.running = state === 'running';
    }

    // Act
    const again = await handler(post({ headers: { ...headers, 'X-Correlation-Id': 'second' } }));

    // Assess
    expect(again).toEqual(first);
    expect(again.headers).toMatchObject({ 'x-correlation-id': 'first' });
    expect(executions).toHaveLength(1);
  });

  it('counts an accepted order once where the first has ended', async () => {
    // Prepare
    const { handler, executions, basics } = world();
    await handler(post({ headers }));
    for (const execution of executions) {
      execution.running = false;
    }

    // Act
    const again = await handler(post({ headers }));

    // Assess
    expect(again.statusCode).toBe(200);
    expect(basics.lines.filter((line) => 'OrdersAccepted' in line)).toHaveLength(1);
  });

  it('refuses another body', async () => {
    // Prepare
    const { handler, executions } = world();
    await handler(post({ headers }));

    // Act
    const answer = await handler(
      post({ headers, body: { ...VALID_ORDER, items: [{ product_id: 'p', quantity: 9 }] } }),
    );

    // Assess
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toEqual({ error: 'Idempotency-Key was used for another order' });
    expect(executions).toHaveLength(1);
  });

  it('keeps the keys of customers apart', async () => {
    // Prepare
    const { handler, executions } = world();
    await handler(post({ headers }));

    // Act
    const answer = await handler(post({ headers, body: { ...VALID_ORDER, customer_id: 'another' } }));

    // Assess
    expect(answer.statusCode).toBe(200);
    expect(executions).toHaveLength(2);
  });

  it('asks for patience where the first can not be seen yet, and finds it once it is stored', async () => {
    // Prepare
    const { handler, executions, tables } = world();
    const first = await handler(post({ headers: { ...headers, 'X-Correlation-Id': 'first' } }));
    for (const execution of executions) {
      execution.visible = false;
    }
    const { order_id, execution_arn } = bodyOf(first) as { order_id: string; execution_arn: string };

    // Act
    const unseen = await handler(post({ headers }));
    await tables.createOrder(
      newOrder({
        order_id,
        execution_arn,
        correlation_id: 'first',
        order: VALID_ORDER,
        created_at: '2026-03-01T10:00:00.000Z',
      }),
    );
    const seen = await handler(post({ headers }));

    // Assess
    expect(unseen.statusCode).toBe(503);
    expect(unseen.headers).toMatchObject({ 'retry-after': '1' });
    expect(seen).toEqual(first);
  });

  it.each(['STANDARD', 'EXPRESS'] as const)(
    'finds a stored order where its name is free again under %s, and refuses another body',
    async (workflowType) => {
      // Prepare: an EXPRESS name is never taken, a STANDARD one is free after 90 days
      const { handler, executions, tables } = world(workflowType);
      const first = await handler(post({ headers }));
      executions.length = 0;
      const { order_id, execution_arn } = bodyOf(first) as { order_id: string; execution_arn: string };
      await tables.createOrder(
        newOrder({
          order_id,
          execution_arn,
          correlation_id: order_id,
          order: VALID_ORDER,
          created_at: '2026-03-01T10:00:00.000Z',
        }),
      );

      // Act
      const again = await handler(post({ headers }));
      const other = await handler(
        post({ headers, body: { ...VALID_ORDER, items: [{ product_id: 'p', quantity: 9 }] } }),
      );

      // Assess
      expect(again).toEqual(first);
      expect(other.statusCode).toBe(422);
      expect(executions).toHaveLength(0);
    },
  );
});
