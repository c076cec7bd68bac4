import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Name } from './name.ts';
import { FailureSource } from './order.ts';
import { OrderRequest } from './order-request.ts';

/** The input of an execution of the `order-processing` state machine. The execution is named by `order_id`. */
export const WorkflowInput = Type.Object({
  order_id: Type.String({ minLength: 1 }),
  correlation_id: Name,
  order: OrderRequest,
});
export type WorkflowInput = Static<typeof WorkflowInput>;

/** What ValidateOrder answers; CheckValidation branches on `valid`. */
export const ValidationResult = Type.Union([
  Type.Object({ valid: Type.Literal(true), total_quantity: Type.Integer() }),
  Type.Object({ valid: Type.Literal(false), total_quantity: Type.Integer(), reason: Type.String() }),
]);
export type ValidationResult = Static<typeof ValidationResult>;

const StorageRequestFields = {
  ...WorkflowInput.properties,
  execution_arn: Name,
  /** `$$.Execution.StartTime`, so that every retry of every state stores the same time. */
  created_at: Type.String({ minLength: 1 }),
};

/** What StoreOrder sends to order-storage. */
export const StoreOrderRequest = Type.Object({
  operation: Type.Literal('store'),
  ...StorageRequestFields,
});
export type StoreOrderRequest = Static<typeof StoreOrderRequest>;

/** What RecordFailure sends to order-storage: end this order FAILED, storing it first if need be. */
export const RecordFailureRequest = Type.Object({
  operation: Type.Literal('fail'),
  ...StorageRequestFields,
  failure_source: FailureSource,
  failure_reason: Type.String(),
});
export type RecordFailureRequest = Static<typeof RecordFailureRequest>;

export const StorageRequest = Type.Union([StoreOrderRequest, RecordFailureRequest]);
export type StorageRequest = Static<typeof StorageRequest>;

/**
 * What order-storage answers; CheckStorage branches on `outcome`.
 * `stored`: the order is PROCESSING, by this call or an earlier one: queue it.
 * `settled`: nothing is left to do, the order reached a terminal state already or, where it was to be failed, is
 * under way in the execution that stored it (both: a twin of an EXPRESS execution).
 * `conflict`: another order has this id (EXPRESS: one key, two bodies): this one is refused, that one untouched.
 * `failed`: the answer to `fail`: FAILED is recorded in both tables.
 */
export const StorageResult = Type.Object({ outcome: Type.Enum(['stored', 'settled', 'conflict', 'failed']) });
export type StorageResult = Static<typeof StorageResult>;
