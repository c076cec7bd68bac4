import { apiRefusal, callApi } from './orders-api.ts';
import { OperationError } from './operation-error.ts';
import type { Target } from './target.ts';

/** What the API says about an order that it accepted. */
export interface SubmittedOrder {
  readonly orderId: string;
  readonly executionArn: string;
  readonly correlationId?: string;
  /** Milliseconds until the answer was there. */
  readonly latencyMs: number;
}

export interface SubmitOptions {
  readonly idempotencyKey?: string;
  readonly correlationId?: string;
  readonly signal?: AbortSignal;
}

/**
 * Sends one order.
 * @param body the request body, sent as it is, so that a wrong one can be tried too
 * @throws OperationError of the kind that the API's answer means
 */
export async function submitOrder(
  target: Target,
  body: string,
  options: SubmitOptions = {},
): Promise<SubmittedOrder> {
  const answer = await callApi(target, {
    method: 'POST',
    path: '/order',
    body,
    headers: {
      'content-type': 'application/json',
      ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
      ...(options.correlationId === undefined ? {} : { 'x-correlation-id': options.correlationId }),
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (answer.status !== 200) {
    throw apiRefusal(answer);
  }
  const { order_id: orderId, execution_arn: executionArn } = answer.body;
  if (typeof orderId !== 'string' || typeof executionArn !== 'string') {
    throw new OperationError('service', 'the API answered 200 without an order_id', 'check --api-url');
  }
  return {
    orderId,
    executionArn,
    latencyMs: answer.latencyMs,
    ...(answer.correlationId === undefined ? {} : { correlationId: answer.correlationId }),
  };
}
