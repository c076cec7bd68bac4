import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { bodyText } from '@dofs/lambda-kit/http-request';
import { jsonResponse, type ResponseDetails } from '@dofs/lambda-kit/http-response';
import { errorFields, type Log } from '@dofs/lambda-kit/log';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import { isThrottle } from '@dofs/lambda-kit/throttling';
import { isUuid } from '@dofs/orders/order-id';
import { parseOrderRequest } from '@dofs/orders/order-request';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { acceptOrder, type Acceptance, type AcceptPorts } from './accept-order.ts';
import { lookUpOrder, orderView, type LookUp } from './look-up-order.ts';
import { correlationId, idempotencyKey } from './request-headers.ts';

export interface ApiHandlerPorts extends FunctionBasics {
  /** Undefined where the function's environment names no state machine. */
  readonly pipeline: AcceptPorts | undefined;
  readonly randomUuid: () => string;
}

export type ApiHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** One request on its way through this file. */
interface Request {
  readonly event: APIGatewayProxyEvent;
  /** What names this request where the client sent no correlation id. */
  readonly requestId: string;
  readonly correlationId: string;
  /** Each line carries the correlation id, and API Gateway's request id, as the line of its access log does. */
  readonly log: Log;
}

/**
 * Largest body that is parsed, in bytes. A valid order without unknown fields has 160 kB at the most (100 items, ids of
 * 128 characters, each escaped as `\ud83d\ude00`). Up to 6 MB reach a function, and JSON.parse can make more values of
 * them than its memory holds.
 */
export const MAX_BODY_BYTES = 256 * 1_024;

/** Seconds after which a throttled or undecided request is worth another try. */
const RETRY_AFTER = 1;

/** POST /order and GET /order/{order_id}. */
export function createHandler(ports: ApiHandlerPorts): ApiHandler {
  return async (event) => {
    const requestId = requestIdOf(event) ?? ports.randomUuid();
    const id = correlationId(event) ?? requestId;
    const log = ports.log.with({ request_id: requestId, correlation_id: id });
    const request = { event, requestId, correlationId: id, log };
    const details = { correlationId: id };
    const { httpMethod, resource } = event;
    try {
      if (httpMethod === 'POST' && resource === '/order') {
        return await postOrder(ports, request);
      }
      if (httpMethod === 'GET' && resource === '/order/{order_id}') {
        return await getOrder(ports, request);
      }
      return jsonResponse(403, { message: 'Missing Authentication Token' }, details);
    } catch (error) {
      log.error('request failed', errorFields(error));
      return failure(httpMethod, error, details);
    }
  };
}

function requestIdOf(event: {
  readonly requestContext?: { readonly requestId?: string };
}): string | undefined {
  return event.requestContext?.requestId;
}

function failure(method: string, error: unknown, details: ResponseDetails): APIGatewayProxyResult {
  const message = method === 'POST' ? 'Failed to process order' : 'Failed to look up order';
  return isThrottle(error)
    ? jsonResponse(503, { error: message }, { ...details, retryAfter: RETRY_AFTER })
    : jsonResponse(500, { error: message }, details);
}

function notConfigured({ log, correlationId: id }: Request): APIGatewayProxyResult {
  log.error('STATE_MACHINE_ARN is not set');
  return jsonResponse(500, { error: 'Step Function ARN not configured' }, { correlationId: id });
}

async function postOrder(ports: ApiHandlerPorts, request: Request): Promise<APIGatewayProxyResult> {
  const refuse = (message: string, statusCode = 400) => {
    request.log.info('request refused', { reason: message });
    return jsonResponse(statusCode, { error: message }, { correlationId: request.correlationId });
  };
  const text = bodyText(request.event);
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    return refuse(`body must be at most ${MAX_BODY_BYTES} bytes`, 413);
  }
  const body = jsonOf(text);
  if (body === undefined) {
    return refuse('body must be a JSON object');
  }
  const parsed = parseOrderRequest(body.value);
  if (!parsed.valid) {
    return refuse(parsed.message);
  }
  const key = idempotencyKey(request.event);
  if (!key.valid) {
    return refuse(key.message);
  }
  if (ports.pipeline === undefined) {
    return notConfigured(request);
  }
  const sentCorrelationId = correlationId(request.event);
  const acceptance = await acceptOrder(ports.pipeline, {
    request: parsed.request,
    requestId: request.requestId,
    ...(key.key === undefined ? {} : { idempotencyKey: key.key }),
    ...(sentCorrelationId === undefined ? {} : { correlationId: sentCorrelationId }),
  });
  return answerTo(ports, acceptance, request);
}

function answerTo(ports: ApiHandlerPorts, acceptance: Acceptance, request: Request): APIGatewayProxyResult {
  const details = { correlationId: request.correlationId };
  switch (acceptance.kind) {
    case 'accepted': {
      const { orderId: order_id, executionArn: execution_arn, correlationId: correlation_id } = acceptance;
      request.log.info('order accepted', { order_id, correlation_id });
      ports.countMetrics({ [METRIC_NAMES.ordersAccepted]: Number(acceptance.isStart) });
      const message = 'Order received and processing started';
      return jsonResponse(
        200,
        { message, order_id, status: 'processing', execution_arn },
        { correlationId: correlation_id },
      );
    }
    case 'other-body':
      return jsonResponse(422, { error: 'Idempotency-Key was used for another order' }, details);
    case 'undecided':
      return jsonResponse(
        503,
        { error: 'The order of this Idempotency-Key was accepted a moment ago, try again' },
        { ...details, retryAfter: RETRY_AFTER },
      );
  }
}

async function getOrder(ports: ApiHandlerPorts, request: Request): Promise<APIGatewayProxyResult> {
  const details = { correlationId: request.correlationId };
  const orderId = (request.event.pathParameters?.['order_id'] ?? '').toLowerCase();
  if (!isUuid(orderId)) {
    return jsonResponse(400, { error: 'order_id must be a UUID' }, details);
  }
  if (ports.pipeline === undefined) {
    return notConfigured(request);
  }
  const isExpress = ports.pipeline.workflowType === 'EXPRESS';
  return answerToLookUp(await lookUpOrder(ports.pipeline, orderId), orderId, {
    ...details,
    // It may be stored any moment: only a STANDARD execution can be looked up before.
    ...(isExpress ? { retryAfter: RETRY_AFTER } : {}),
  });
}

function answerToLookUp(lookUp: LookUp, orderId: string, details: ResponseDetails): APIGatewayProxyResult {
  const { correlationId: requestCorrelationId } = details;
  switch (lookUp.kind) {
    case 'stored':
      return jsonResponse(200, orderView(lookUp.order), { correlationId: lookUp.order.correlation_id });
    case 'on-its-way':
      return jsonResponse(
        200,
        { order_id: orderId, status: 'PROCESSING' },
        { correlationId: requestCorrelationId },
      );
    case 'unknown':
      return jsonResponse(404, { error: 'Order not found' }, details);
  }
}

/** Parsed JSON, undefined where the text is none. */
function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
