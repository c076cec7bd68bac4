import { failedOrderOf } from '@dofs/orders/failed-order';
import { messageOf } from '@dofs/orders/message-of-order';
import type { Order } from '@dofs/orders/order';
import type { OrderTables } from './order-tables.ts';

/**
 * For so long after an order failed, in seconds, whoever failed it may still be writing its row, retried by the AWS
 * SDK: longer than any function that writes one runs (timeouts of 10 s at most, unless set otherwise).
 */
export const IN_THE_MAKING_SECONDS = 60;

/**
 * Writes the row that a FAILED order lacks, where whoever failed it was cut short. Its message is gone by then: the
 * row keeps one made anew from the order.
 * @throws NotFailedError, and what the tables throw
 */
export async function writeMissingRow(
  tables: Pick<OrderTables, 'putFailedOrder'>,
  order: Order,
): Promise<void> {
  await tables.putFailedOrder(failedOrderOf(order, JSON.stringify(messageOf(order))));
}
