import { newOrder } from '@dofs/orders/new-order';
import { describe, expect, it } from 'vitest';
import { bodyOf, get, post, STATE_MACHINE, VALID_ORDER, world } from './testing/world.ts';

describe('GET /order/{order_id}', () => {
  it('knows an order from the moment it was accepted', async () => {
    // Prepare
    const { handler, executions } = world();
    const accepted = await handler(post());
    for (const execution of executions) {
      execution.visible = false;
    }
    const orderId = String(bodyOf(accepted)['order_id']);

    // Act
    const answer = await handler(get(orderId.toUpperCase()));

    // Assess
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toEqual({ order_id: orderId, status: 'PROCESSING' });
  });

  it("shows a stored order as it is, without what is the system's own", async () => {
    // Prepare
    const { handler, tables } = world();
    const order_id = '00000000-0000-4000-8000-000000000001';
    const order = { order_id, order: VALID_ORDER, created_at: '2026-03-01T10:00:00.000Z' };
    await tables.createOrder(newOrder({ ...order, execution_arn: 'arn:1', correlation_id: 'trace-1' }));
    await tables.settleFailed(
      { orderId: order_id, attempt: 1 },
      { at: '2026-03-01T10:00:01.000Z', source: 'fulfillment', reason: 'out of stock' },
    );

    // Act
    const answer = await handler(get(order_id));

    // Assess
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ 'x-correlation-id': 'trace-1' });
    expect(bodyOf(answer)).toEqual({
      order_id,
      ...VALID_ORDER,
      total_quantity: 2,
      status: 'FAILED',
      created_at: '2026-03-01T10:00:00.000Z',
      updated_at: '2026-03-01T10:00:01.000Z',
      failed_at: '2026-03-01T10:00:01.000Z',
      failure_source: 'fulfillment',
      failure_reason: 'out of stock',
    });
  });

  it('does not know an id that was never accepted', async () => {
    // Prepare
    const { handler } = world();

    // Act
    const unknown = await handler(get('00000000-0000-4000-8000-000000000001'));
    const noUuid = await handler(get('nonsense'));

    // Assess
    expect(unknown.statusCode).toBe(404);
    expect(bodyOf(unknown)).toEqual({ error: 'Order not found' });
    expect(unknown.headers).not.toHaveProperty('retry-after');
    expect(noUuid.statusCode).toBe(400);
    expect(bodyOf(noUuid)).toEqual({ error: 'order_id must be a UUID' });
  });

  it('knows an execution that was started by hand as long as it runs', async () => {
    // Prepare
    const { handler, executions } = world();
    const orderId = '00000000-0000-4000-8000-000000000001';
    const arn = `${STATE_MACHINE.replace(':stateMachine:', ':execution:')}:${orderId}`;
    executions.push({ arn, input: '{}', running: true, visible: true });

    // Act
    const running = await handler(get(orderId));
    executions.splice(0, 1, { arn, input: '{}', running: false, visible: true });
    const ended = await handler(get(orderId));

    // Assess
    expect(bodyOf(running)).toEqual({ order_id: orderId, status: 'PROCESSING' });
    expect(ended.statusCode).toBe(404);
  });

  it('asks for patience under EXPRESS until the order is stored', async () => {
    // Prepare
    const { handler } = world('EXPRESS');
    const accepted = await handler(post());

    // Act
    const answer = await handler(get(String(bodyOf(accepted)['order_id'])));

    // Assess
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({ 'retry-after': '1' });
  });
});
