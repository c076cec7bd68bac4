import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import type { QueueMessage } from '@dofs/orders/queue-message';
import type { CheckTime } from './time-shares.ts';

export interface SweepPorts extends Pick<FunctionBasics, 'log' | 'now'> {
  readonly tables: SweepTables;
  readonly queues: OrderQueues;
  /** Undefined under EXPRESS, whose executions can't be listed. */
  readonly executions: Executions | undefined;
  readonly settings: SweepSettings;
}

/** One run, as its jobs see it. */
export interface SweepRun extends SweepPorts {
  readonly checkTime: CheckTime;
  readonly tally: Tally;
}

/** What a run has done so far, and what it could not do. */
export interface Tally {
  readonly counts: Record<keyof SweepCounts, number>;
  readonly errors: unknown[];
}

export type SweepTables = Pick<
  OrderTables,
  | 'listOrdersByStatus'
  | 'getOrders'
  | 'getOrderStates'
  | 'requeueOrder'
  | 'listFailedOrders'
  | 'getFailedOrder'
  | 'putFailedOrder'
  | 'deleteFailedOrder'
>;

export interface OrderQueues {
  /** To order-queue: a new attempt. */
  send(message: QueueMessage): Promise<void>;
  /** To order-dlq, whose handler fails the order in both tables and is given the message until it has. */
  deadLetter(message: QueueMessage & Required<Pick<QueueMessage, 'failure'>>): Promise<void>;
  /** Messages in order-queue, waiting or received and not deleted yet, about (SQS counts no better). */
  messagesInQueue(): Promise<number>;
}

export interface Executions {
  /** Executions that failed, timed out or were aborted in a span of time (ISO 8601, inclusive), page by page. */
  endedBadly(span: { readonly from: string; readonly to: string }): AsyncIterable<readonly BadEnd[]>;
  /** JSON text; undefined where the execution isn't known any more. */
  input(executionArn: string): Promise<string | undefined>;
  /** Whether our API handed out that order id: then the execution's input was an order. */
  isIssued(orderId: string): boolean;
}

export interface BadEnd {
  /** The order's id, if it is one of ours. */
  readonly name: string;
  readonly executionArn: string;
  readonly status: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface SweepCounts {
  /** Stuck orders that were queued again. */
  readonly requeued: number;
  /** Stuck orders handed to dlq-handler, to be failed. */
  readonly givenUp: number;
  /** Orders of lost executions handed to dlq-handler, to be failed. */
  readonly lostExecutions: number;
  /** Rows that FAILED orders lacked in failed_orders. */
  readonly rowsCompleted: number;
  /** Rows of orders that were fulfilled since. */
  readonly rowsRemoved: number;
}

export interface SweepSettings {
  /** An order that nothing has happened to for so long is stuck. */
  readonly stuckAfterSeconds: number;
  /** After how many requeues an order fails, as soon as the queue is empty. */
  readonly maxRequeues: number;
}

/** The ISO time so many seconds before another. */
export function secondsBefore(time: string, seconds: number): string {
  return new Date(Date.parse(time) - seconds * 1_000).toISOString();
}
