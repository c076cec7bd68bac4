import { describe, expect, it } from 'vitest';
import { LONG_AGO, NOW, order, sweepWorld } from './testing/sweep-world.ts';

const MS_PER_HOUR = 3_600_000;

describe('orders of lost executions', () => {
  it('hands the order of an execution that ended without a trace of it to dlq-handler', async () => {
    // Prepare
    const lost = order(1, LONG_AGO);
    const badEnds = [
      { name: lost.order_id, executionArn: 'arn:lost', status: 'ABORTED', startedAt: LONG_AGO },
      { name: 'by-hand', executionArn: 'arn:by-hand', status: 'FAILED', startedAt: LONG_AGO },
      { name: order(2, LONG_AGO).order_id, executionArn: 'arn:odd', status: 'FAILED', startedAt: LONG_AGO },
    ];
    const input = {
      order_id: lost.order_id,
      correlation_id: 'correlation-1',
      order: { customer_id: 'customer', items: lost.items },
    };
    const inputs = { 'arn:lost': JSON.stringify(input), 'arn:odd': '{"hello":"world"}' };
    const { tables, deadLetters, spans, handler } = sweepWorld({ badEnds, inputs });

    // Act
    const report = await handler();

    // Assess: not those that ended just now, whose own last message may be on its way
    expect(report).toMatchObject({ lostExecutions: 1 });
    expect(spans[0]).toEqual({ from: '2026-02-27T10:15:00.000Z', to: '2026-03-01T10:15:00.000Z' });
    expect(tables.orders.size).toBe(0);
    expect(deadLetters).toEqual([
      {
        ...input,
        attempt: 1,
        execution_arn: 'arn:lost',
        created_at: LONG_AGO,
        failure: {
          source: 'storage',
          reason: 'the order was never stored, its execution ended ABORTED',
        },
      },
    ]);
  });

  it.each([3, 8, 14])(
    'are found too where the sweep was off until %d days after they ended',
    async (days) => {
      // Prepare
      const lost = order(1, LONG_AGO);
      const endedAt = new Date(Date.parse(NOW) - days * 24 * MS_PER_HOUR).toISOString();
      const badEnds = [
        { name: lost.order_id, executionArn: 'arn:lost', status: 'ABORTED', startedAt: endedAt, endedAt },
      ];
      const inputs = { 'arn:lost': JSON.stringify({ ...lost, order: lost }) };
      const { clock, deadLetters, handler } = sweepWorld({ badEnds, inputs });

      // Act: once an hour
      for (let hours = 0; hours < 14; hours += 1) {
        clock.now = new Date(Date.parse(NOW) + hours * MS_PER_HOUR).toISOString();
        await handler();
      }

      // Assess: nobody writes it here, so it may be found again
      expect(deadLetters[0]).toMatchObject({ order_id: lost.order_id, failure: { source: 'storage' } });
    },
  );

  it('fails loudly over an order that was accepted and can not be read any more', async () => {
    // Prepare
    const name = order(1, LONG_AGO).order_id;
    const badEnds = [{ name, executionArn: 'arn:odd', status: 'FAILED', startedAt: LONG_AGO }];
    const { basics, handler } = sweepWorld({
      badEnds,
      inputs: { 'arn:odd': '{"hello":"world"}' },
      issued: [name],
    });

    // Act
    const outcome = handler();

    // Assess
    await expect(outcome).rejects.toThrow(/arn:odd is no order/);
    expect(basics.lines).toContainEqual(
      expect.objectContaining({ level: 'ERROR', order_id: name, execution_arn: 'arn:odd' }),
    );
  });
});
