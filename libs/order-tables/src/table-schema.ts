import { createHash } from 'node:crypto';
import type { OrderStatus } from '@dofs/orders/order';

/**
 * Keys of the two tables and their indexes (`projection`: attributes beside the keys). The stack declares the tables from these names, the functions write
 * them, so they can't drift apart.
 *
 * Both indexes are write-sharded: a status, or "now", alone would put every write of a busy system on one
 * partition (1,000 write units a second, AWS: "Using write sharding to distribute workloads evenly").
 */
export const ORDERS_TABLE = {
  partitionKey: 'order_id',
  // Keys only: an entry of an order's size would double what each write of an order costs.
  statusIndex: {
    name: 'status-index',
    partitionKey: 'status_shard',
    sortKey: 'created_at',
    projection: [],
  },
} as const;

export const FAILED_ORDERS_TABLE = {
  partitionKey: 'order_id',
  // What a list shows; the message and the order stay in the table.
  failedAtIndex: {
    name: 'failed-at-index',
    partitionKey: 'failed_shard',
    sortKey: 'failed_at',
    projection: ['failure_source', 'failure_reason'],
  },
} as const;

/** Partitions over which one status is spread: good for 10 x 1,000 writes a second. */
export const STATUS_SHARDS = 10;
/** Partitions over which one day's failures are spread. */
export const FAILED_SHARDS = 4;

/** The status index's partition of an order: `PROCESSING#7`. */
export function statusShard(status: OrderStatus, orderId: string): string {
  return `${status}#${shardOf(orderId, STATUS_SHARDS)}`;
}

/** Every partition of the status index that holds a status. */
export function statusShards(status: OrderStatus): readonly string[] {
  return Array.from({ length: STATUS_SHARDS }, (_, shard) => `${status}#${shard}`);
}

/** The failed-at index's partition of a failed order: `2026-03-01#2`, the day in UTC. */
export function failedShard(failedAt: string, orderId: string): string {
  return `${failedAt.slice(0, 10)}#${shardOf(orderId, FAILED_SHARDS)}`;
}

/** Every partition of the failed-at index that holds a day's failures (`YYYY-MM-DD`, UTC). */
export function failedShards(day: string): readonly string[] {
  return Array.from({ length: FAILED_SHARDS }, (_, shard) => `${day}#${shard}`);
}

function shardOf(orderId: string, shards: number): number {
  return createHash('sha256').update(orderId).digest().readUInt8(0) % shards;
}
