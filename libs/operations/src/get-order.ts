import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { Order, OrderStatus } from '@dofs/orders/order';
import { OperationError } from './operation-error.ts';
import { apiRefusal, callApi } from './orders-api.ts';
import type { Target } from './target.ts';

/** An order as GET /order shows it; until it is stored only its id and status are there. */
export const OrderView = Type.Intersect([
  Type.Object({ order_id: Type.String(), status: OrderStatus }),
  Type.Partial(Type.Omit(Order, ['order_id', 'status'])),
]);
export type OrderView = Static<typeof OrderView>;

/**
 * Looks an order up by the API.
 * @throws OperationError of the kind that the API's answer means; `not-found` for an unknown id
 */
export async function getOrder(target: Target, orderId: string, signal?: AbortSignal): Promise<OrderView> {
  const answer = await callApi(target, {
    method: 'GET',
    path: `/order/${encodeURIComponent(orderId)}`,
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.status !== 200) {
    throw apiRefusal(answer);
  }
  if (!Value.Check(OrderView, answer.body)) {
    throw new OperationError(
      'service',
      'the API answered with something that is no order',
      'check --api-url',
    );
  }
  return answer.body;
}

/** When the order reached its end, ISO 8601; absent while it hasn't. */
export function settledAt(order: OrderView): string | undefined {
  return order.status === 'FULFILLED' ? order.fulfilled_at : order.failed_at;
}
