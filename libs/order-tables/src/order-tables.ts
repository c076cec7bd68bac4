import type { FailedOrder, FailureSource, Order, OrderStatus } from '@dofs/orders/order';

/**
 * The two tables as the functions and the command line use them. Every change of a status is one conditional
 * write: it takes effect for one caller only, and the others learn how the order is instead. `at` is ISO 8601,
 * UTC, milliseconds, everywhere.
 */
export interface OrderTables {
  /** Stores a new order unless one with its id is there already. */
  createOrder(order: Order): Promise<Creation>;

  /** Reads an order as it is now (strongly consistent). */
  getOrder(orderId: string): Promise<Order | undefined>;

  /** Reads many orders (strongly consistent), in no particular order; those that aren't there are left out. */
  getOrders(orderIds: readonly string[]): Promise<Order[]>;

  /** As `getOrders`, of each order only how it stands: for comparing many. */
  getOrderStates(orderIds: readonly string[]): Promise<OrderState[]>;

  /** PROCESSING -> FULFILLED, if the attempt is still the current one. */
  settleFulfilled(attempt: Attempt, at: string): Promise<Transition>;

  /** PROCESSING -> FAILED, if the attempt is still the current one. The commit point of a failure. */
  settleFailed(attempt: Attempt, failure: Failure): Promise<Transition>;

  /**
   * As `settleFailed`, and stores the order as FAILED if it isn't there. An order that another execution stored
   * under the same id is left alone, be it the same order or another.
   * @param order the order as known to the caller, in the attempt that failed
   */
  upsertFailed(order: Order, failure: Failure): Promise<Transition>;

  /**
   * An operator's redrive: FAILED -> PROCESSING in a new attempt, if the failed attempt is the current one.
   */
  reopenOrder(failed: FailedAttempt, redrive: RedriveNote): Promise<Transition>;

  /** The sweep's requeue: PROCESSING stays, a new attempt begins, if the given attempt is the current one. */
  requeueOrder(attempt: Attempt, redrive: RedriveNote): Promise<Transition>;

  /**
   * Writes the projection of a FAILED order, or a message that names none. Writing it again does no harm; a row of
   * a later attempt stays.
   */
  putFailedOrder(row: FailedOrder): Promise<void>;

  /** Reads a row of failed_orders (strongly consistent). */
  getFailedOrder(orderId: string): Promise<FailedOrder | undefined>;

  /** Removes the row of that attempt or an earlier one, if there is one. */
  deleteFailedOrder(attempt: Attempt): Promise<void>;

  /** Orders of one status by time of creation, from the status index (eventually consistent). */
  listOrdersByStatus(status: OrderStatus, range: TimeRange): Promise<OrderListing[]>;

  /** Failed orders by time of failure, from the failed-at index (eventually consistent). */
  listFailedOrders(range: BoundedTimeRange): Promise<FailedOrderListing[]>;
}

/** How an order stands, without what it consists of. */
export type OrderState = Pick<Order, 'order_id' | 'correlation_id' | 'status' | 'updated_at' | 'attempts'>;

/** One fulfilment attempt of one order: the fencing token of every transition. */
export interface Attempt {
  readonly orderId: string;
  readonly attempt: number;
}

/** A FAILED order as it was read: what its redrive follows from. */
export type FailedAttempt = Pick<Order, 'order_id' | 'attempts' | 'failure_source' | 'fulfillment_request'>;

export interface Failure {
  readonly at: string;
  readonly source: FailureSource;
  readonly reason: string;
}

export interface RedriveNote {
  readonly at: string;
  /** Who asked for it. */
  readonly by: string;
}

export type Creation = { readonly created: true } | { readonly created: false; readonly existing: Order };

/**
 * `done`: by this very call, the order as it now is. Otherwise the order that refused, as it is, or undefined where
 * there is none.
 */
export type Transition =
  | { readonly done: true; readonly order: Order }
  | { readonly done: false; readonly order: Order | undefined };

export interface TimeRange {
  /** Inclusive. */
  readonly from?: string;
  /** Inclusive. */
  readonly to?: string;
  /** At most this many. */
  readonly limit: number;
  readonly newestFirst: boolean;
}

/** The failed-at index is spread over days: a range without a beginning would have no end of partitions. */
export interface BoundedTimeRange extends TimeRange {
  readonly from: string;
  readonly to: string;
}

export interface OrderListing {
  readonly order_id: string;
  readonly created_at: string;
}

export interface FailedOrderListing {
  readonly order_id: string;
  readonly failed_at: string;
  readonly failure_source: FailureSource;
  readonly failure_reason: string;
}
