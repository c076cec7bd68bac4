import type { OrderTables } from '@dofs/order-tables/order-tables';
import { newOrderId, orderIdForKey } from '@dofs/orders/order-id';
import { parseOrderRequest, type OrderRequest } from '@dofs/orders/order-request';
import { isSameOrder } from '@dofs/orders/same-order';
import type { WorkflowInput } from '@dofs/orders/workflow';
import type { FoundExecution, Workflow } from './workflow.ts';

export interface AcceptPorts {
  readonly stateMachineArn: string;
  readonly workflowType: 'STANDARD' | 'EXPRESS';
  readonly workflow: Workflow;
  readonly orders: Pick<OrderTables, 'getOrder'>;
  /** So many random bytes. */
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface OrderToAccept {
  readonly request: OrderRequest;
  readonly idempotencyKey?: string;
  /** What the client sent as its correlation id. */
  readonly correlationId?: string;
  /** What names the request itself, for want of anything better. */
  readonly requestId: string;
}

/**
 * `other-body`: the idempotency key was used for another order.
 * `undecided`: the key's order was accepted a moment ago and can't be seen yet: ask again.
 */
export type Acceptance =
  | {
      readonly kind: 'accepted';
      readonly orderId: string;
      readonly executionArn: string;
      readonly correlationId: string;
      /**
       * Whether this request started the execution, as far as Step Functions tells: a key that is repeated while its
       * STANDARD execution still runs gets the same answer as the first time.
       */
      readonly isStart: boolean;
    }
  | { readonly kind: 'other-body' }
  | { readonly kind: 'undecided' };

/**
 * Hands an order to the workflow. An order with an idempotency key has the id that follows from customer and key,
 * and the execution is named by it: so Step Functions itself keeps a repeated key from becoming a second order,
 * with no table or write of ours.
 * @throws what the ports throw
 */
export async function acceptOrder(ports: AcceptPorts, order: OrderToAccept): Promise<Acceptance> {
  const input = workflowInput(ports, order);
  const isRepeatable = order.idempotencyKey !== undefined;
  if (isRepeatable) {
    // A name is reserved for 90 days, that of an EXPRESS execution not at all: the order itself remembers for longer.
    const stored = await acceptanceOfStored(ports, input);
    if (stored !== undefined) {
      return stored;
    }
  }
  const start = await ports.workflow.start(input);
  if (start.kind === 'started') {
    return { ...accepted(input, start.executionArn), isStart: true };
  }
  if (!isRepeatable) {
    // The id is ours alone: this is our own first try, whose answer was lost.
    return { ...accepted(input, ports.workflow.executionArn(input.order_id)), isStart: true };
  }
  return acceptanceOfTwin(ports, input);
}

/** The members' order is fixed: a repeated request has to give the same input byte for byte. */
function workflowInput(ports: AcceptPorts, order: OrderToAccept): WorkflowInput {
  const { request, idempotencyKey, correlationId, requestId } = order;
  if (idempotencyKey === undefined) {
    const order_id = newOrderId(ports.stateMachineArn, ports.randomBytes(16));
    return { order_id, correlation_id: correlationId ?? requestId, order: request };
  }
  const order_id = orderIdForKey(ports.stateMachineArn, request.customer_id, idempotencyKey);
  return { order_id, correlation_id: correlationId ?? order_id, order: request };
}

/** What a repeated key gets: the order was accepted before. */
function accepted(input: WorkflowInput, executionArn: string): Acceptance & { readonly kind: 'accepted' } {
  const { order_id: orderId, correlation_id } = input;
  return { kind: 'accepted', orderId, executionArn, correlationId: correlation_id, isStart: false };
}

async function acceptanceOfTwin(ports: AcceptPorts, input: WorkflowInput): Promise<Acceptance> {
  const twin = await ports.workflow.find(input.order_id);
  if (twin !== undefined) {
    return acceptanceOfExecution(twin, input);
  }
  // DescribeExecution is eventually consistent; the order may be stored already all the same.
  return (await acceptanceOfStored(ports, input)) ?? { kind: 'undecided' };
}

function acceptanceOfExecution(twin: FoundExecution, input: WorkflowInput): Acceptance {
  // Any JSON: anybody with the right may start an execution by hand.
  const twinInput = JSON.parse(twin.input) as Partial<WorkflowInput> | null;
  const twinOrder = parseOrderRequest(twinInput?.order);
  if (!twinOrder.valid || !isSameOrder(twinOrder.request, input.order)) {
    return { kind: 'other-body' };
  }
  return accepted(
    { ...input, correlation_id: twinInput?.correlation_id ?? input.correlation_id },
    twin.executionArn,
  );
}

async function acceptanceOfStored(ports: AcceptPorts, input: WorkflowInput): Promise<Acceptance | undefined> {
  const stored = await ports.orders.getOrder(input.order_id);
  if (stored === undefined) {
    return undefined;
  }
  return isSameOrder(stored, input.order)
    ? accepted({ ...input, correlation_id: stored.correlation_id }, stored.execution_arn)
    : { kind: 'other-body' };
}
