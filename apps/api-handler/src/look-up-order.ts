import type { OrderTables } from '@dofs/order-tables/order-tables';
import { isIssuedOrderId } from '@dofs/orders/order-id';
import type { Order } from '@dofs/orders/order';
import type { Workflow } from './workflow.ts';

export interface LookUpPorts {
  readonly stateMachineArn: string;
  readonly workflowType: 'STANDARD' | 'EXPRESS';
  readonly workflow: Pick<Workflow, 'find'>;
  readonly orders: Pick<OrderTables, 'getOrder'>;
}

/** `on-its-way`: accepted, and not stored yet. */
export type LookUp =
  | { readonly kind: 'stored'; readonly order: Order }
  | { readonly kind: 'on-its-way' }
  | { readonly kind: 'unknown' };

/**
 * Finds an order, from the moment that it was accepted. Under EXPRESS that can't be told before it is stored.
 * @param orderId a UUID
 * @throws what the ports throw
 */
export async function lookUpOrder(ports: LookUpPorts, orderId: string): Promise<LookUp> {
  const order = await ports.orders.getOrder(orderId);
  if (order !== undefined) {
    return { kind: 'stored', order };
  }
  if (ports.workflowType === 'EXPRESS') {
    return { kind: 'unknown' };
  }
  if (isIssuedOrderId(ports.stateMachineArn, orderId)) {
    return { kind: 'on-its-way' };
  }
  // An id that isn't ours: somebody may have started an execution of that name by hand.
  const execution = await ports.workflow.find(orderId);
  if (execution === undefined) {
    return { kind: 'unknown' };
  }
  if (execution.running) {
    return { kind: 'on-its-way' };
  }
  const storedSince = await ports.orders.getOrder(orderId);
  return storedSince === undefined ? { kind: 'unknown' } : { kind: 'stored', order: storedSince };
}

export type OrderView = Omit<
  Order,
  'attempts' | 'execution_arn' | 'correlation_id' | 'redrives' | 'fulfillment_request'
>;

/** An order as GET shows it: always in this order, and without what only the system itself needs. */
export function orderView(order: Order): OrderView {
  const {
    attempts: _a,
    execution_arn: _e,
    correlation_id: _c,
    redrives: _r,
    fulfillment_request: _f,
    ...view
  } = order;
  const { order_id, customer_id, items, total_quantity, status, created_at, updated_at, ...outcome } = view;
  return { order_id, customer_id, items, total_quantity, status, created_at, updated_at, ...outcome };
}
