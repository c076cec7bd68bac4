import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchGetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { dynamoOrderTables } from './dynamo-order-tables.ts';
import { NothingReadError } from './dynamo-orders.ts';
import { itemOfOrder } from './item-format.ts';
import { startDynaliteTables, type DynaliteTables } from './testing/dynalite-tables.ts';
import { processingOrder } from './testing/processing-order.ts';

const T1 = '2026-03-01T10:00:01.000Z';

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynaliteTables();
});
afterAll(async () => {
  await dynalite.stop();
});

describe('order tables in DynamoDB', () => {
  it('takes the order that DynamoDB sends along with a refusal, without another read', async () => {
    // Prepare
    const tables = dynamoOrderTables(dynalite.client, dynalite.names);
    const order = processingOrder();
    await tables.createOrder(order);
    const commands: (string | undefined)[] = [];
    const sentAlong = { ...order, customer_id: 'as-sent-along' };
    dynalite.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          commands.push(commandName);
          try {
            return await next(args);
          } catch (error) {
            // The local engine leaves out what AWS sends.
            throw Object.assign(error as Error, { Item: itemOfOrder(sentAlong) });
          }
        },
      { step: 'initialize', name: 'sendOrderAlong' },
    );

    // Act
    const creation = await tables.createOrder(order);
    const transition = await tables.settleFulfilled({ orderId: order.order_id, attempt: 7 }, T1);
    dynalite.client.middlewareStack.remove('sendOrderAlong');

    // Assess
    expect(creation).toEqual({ created: false, existing: sentAlong });
    expect(transition).toEqual({ done: false, order: sentAlong });
    expect(commands).toEqual(['PutItemCommand', 'UpdateItemCommand']);
  });

  it.each([
    [2, 'reads what was handed back'],
    [Infinity, 'gives up where nothing is ever read'],
  ])('after %d answers that hand back every key %s', async (throttled) => {
    // Prepare
    const tables = dynamoOrderTables(dynalite.client, dynalite.names);
    const order = processingOrder();
    await tables.createOrder(order);
    let answers = 0;
    dynalite.client.middlewareStack.add(
      (next) => async (args) => {
        answers += 1;
        const { RequestItems } = args.input as BatchGetItemCommandInput;
        return answers > throttled
          ? next(args)
          : { response: {}, output: { $metadata: {}, Responses: {}, UnprocessedKeys: RequestItems } };
      },
      { step: 'initialize', name: 'handKeysBack' },
    );

    // Act
    const reading = tables.getOrders([order.order_id]).finally(() => {
      dynalite.client.middlewareStack.remove('handKeysBack');
    });

    // Assess
    await (throttled === Infinity
      ? expect(reading).rejects.toThrow(NothingReadError)
      : expect(reading).resolves.toEqual([order]));
  });

  it('lets errors of the service through', async () => {
    // Prepare
    const tables = dynamoOrderTables(dynalite.client, { orders: 'nowhere', failedOrders: 'nowhere' });
    const order = processingOrder();
    const attempt = { orderId: order.order_id, attempt: 1 };

    // Act
    const calls = [
      tables.createOrder(order),
      tables.settleFulfilled(attempt, T1),
      tables.deleteFailedOrder(attempt),
      tables.putFailedOrder({
        order_id: 'x',
        failed_at: T1,
        failure_source: 'storage',
        failure_reason: '',
        original_message: '',
      }),
    ];

    // Assess
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
  });
});
