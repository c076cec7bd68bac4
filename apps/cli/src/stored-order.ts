import type { Order } from '@dofs/orders/order';
import { OperationError } from '@dofs/operations/operation-error';
import { openTables } from '@dofs/operations/operator-tables';
import type { Target } from '@dofs/operations/target';

/** The order as it is in the table. @throws OperationError `not-found` where it isn't there */
export async function storedOrder(target: Target, orderId: string): Promise<Order> {
  const tables = openTables(target);
  try {
    const order = await tables.getOrder(orderId);
    if (order === undefined) {
      const message = `${orderId} is not in ${target.names.ordersTable}`;
      throw new OperationError('not-found', message, 'check the id and --env');
    }
    return order;
  } finally {
    tables.close();
  }
}
