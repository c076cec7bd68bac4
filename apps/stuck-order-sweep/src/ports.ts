import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import type { QueueMessage } from '@dofs/orders/queue-message';

export interface SweepPorts extends Pick<FunctionBasics, 'log' | 'now'> {
  readonly tables: SweepTables;
  readonly queue: OrderQueue;
  /** Undefined under EXPRESS, whose executions can't be listed. */
  readonly executions: Executions | undefined;
  readonly settings: SweepSettings;
}

export type SweepTables = Pick<
  OrderTables,
  | 'listOrdersByStatus'
  | 'getOrders'
  | 'requeueOrder'
  | 'settleFailed'
  | 'upsertFailed'
  | 'listFailedOrders'
  | 'getFailedOrder'
  | 'putFailedOrder'
  | 'deleteFailedOrder'
>;

export interface OrderQueue {
  send(message: QueueMessage): Promise<void>;
  /** Messages that wait to be received, about (SQS counts no better). */
  waitingMessages(): Promise<number>;
}

export interface Executions {
  /** Executions that failed, timed out or were aborted, of those started since then (ISO 8601). */
  endedBadlySince(time: string): Promise<readonly BadEnd[]>;
  /** JSON text; undefined where the execution isn't known any more. */
  input(executionArn: string): Promise<string | undefined>;
}

export interface BadEnd {
  /** The order's id, if it is one of ours. */
  readonly name: string;
  readonly executionArn: string;
  readonly status: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface SweepSettings {
  /** An order that nothing has happened to for so long is stuck. */
  readonly stuckAfterSeconds: number;
  /** How often an order is queued again before it fails. */
  readonly maxRequeues: number;
}

/** The ISO time so many seconds before another. */
export function secondsBefore(time: string, seconds: number): string {
  return new Date(Date.parse(time) - seconds * 1_000).toISOString();
}
