import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { FailedOrder, Order } from '@dofs/orders/order';
import { failedShard, statusShard } from './table-schema.ts';

export type Item = Record<string, AttributeValue>;

/** An order as an item: its fields, and the status index's partition. */
export function itemOfOrder(order: Order): Item {
  return itemOf({ ...order, status_shard: statusShard(order.status, order.order_id) });
}

/** The order in an item. These functions are the table's only writers, so its shape isn't checked again. */
export function orderOfItem(item: Item): Order {
  const { status_shard: _shard, ...order } = unmarshall(item);
  return order as Order;
}

/** A failed order as an item: its fields, and the failed-at index's partition. */
export function itemOfFailedOrder(row: FailedOrder): Item {
  return itemOf({ ...row, failed_shard: failedShard(row.failed_at, row.order_id) });
}

export function failedOrderOfItem(item: Item): FailedOrder {
  const { failed_shard: _shard, ...row } = unmarshall(item);
  return row as FailedOrder;
}

/** Any plain object as an item; members that are undefined are left out. */
export function itemOf(fields: Readonly<Record<string, unknown>>): Item {
  return marshall(fields, { removeUndefinedValues: true });
}
