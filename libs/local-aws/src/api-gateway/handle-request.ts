import type { Clock } from '../clock.ts';
import type { FunctionRunner, InvokeResult } from '../engines.ts';
import { AwsError } from '../service-call.ts';
import type { ApiDescription, ApiMethod, FunctionPermission } from '../stack-description.ts';
import type { Answer } from './answer.ts';
import { authorize, mayInvoke } from './authorization.ts';
import type { RequestFacts } from './context-variables.ts';
import { filledHeaders, gatewayAnswer } from './gateway-answer.ts';
import { GatewayFault } from './gateway-fault.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { proxyAnswer } from './proxy-answer.ts';
import { proxyEvent } from './proxy-event.ts';
import { createValidation } from './request-validation.ts';
import { createRouter, type Route } from './routes.ts';
import { createThrottle } from './throttle.ts';

export interface ApiSettings {
  readonly api: ApiDescription;
  readonly accountId: string;
  readonly region: string;
  readonly permissions: readonly FunctionPermission[];
  readonly functions: FunctionRunner;
  readonly clock: Clock;
  /** Told of what should not happen: an error of the engine itself, which a client sees as a 500. */
  readonly onError: (error: unknown) => void;
}

export interface Handled {
  readonly answer: Answer;
  readonly facts: RequestFacts;
}

/** @param tooLarge whether the body was longer than API Gateway takes, and so was not kept */
export type HandleRequest = (request: GatewayRequest, tooLarge: boolean) => Promise<Handled>;

type Integration = RequestFacts['integration'];

/**
 * Takes a request the way it takes through a REST API: routing, authorization, throttling, validation, integration.
 * @throws Error at once where a request model is no schema
 */
export function createHandler(settings: ApiSettings): HandleRequest {
  const { api } = settings;
  const findRoute = createRouter(api);
  const validate = createValidation(api);
  const mayPass = createThrottle(api.throttling, settings.clock);
  return async (request, tooLarge) => {
    const integration: Integration = {};
    const route = findRoute(request.httpMethod, request.path);
    const facts: RequestFacts = {
      request,
      route,
      fault: undefined,
      apiId: api.id,
      stageName: api.stageName,
      accountId: settings.accountId,
      integration,
    };
    try {
      if (route === undefined) {
        throw new GatewayFault('MISSING_AUTHENTICATION_TOKEN');
      }
      authorize(request, route, api);
      if (!mayPass()) {
        throw new GatewayFault('THROTTLED');
      }
      if (tooLarge) {
        throw new GatewayFault('REQUEST_TOO_LARGE');
      }
      validate(request, route);
      const { integration: target } = route.method;
      const answer =
        target.type === 'MOCK'
          ? mockAnswer(target, facts)
          : await integrate(request, route, settings, target, integration);
      return { answer, facts };
    } catch (error) {
      const fault = error instanceof GatewayFault ? error : defect(error, settings);
      if (fault.detail !== undefined) {
        integration.error = fault.detail;
      }
      const faulty = { ...facts, fault };
      return { answer: gatewayAnswer(api, fault, faulty), facts: faulty };
    }
  };
}

/** An error of the engine itself: reported, and to the client a 500 in the form of all others. */
function defect(error: unknown, { onError }: ApiSettings): GatewayFault {
  onError(error);
  return new GatewayFault('INTERNAL_ERROR', { detail: String(error) });
}

function mockAnswer(
  { statusCode, headers, body }: Extract<ApiMethod['integration'], { type: 'MOCK' }>,
  facts: RequestFacts,
): Answer {
  return {
    statusCode,
    headers: [['Content-Type', 'application/json'], ...filledHeaders(Object.entries(headers), facts)],
    body: body ?? '',
  };
}

async function integrate(
  request: GatewayRequest,
  route: Route,
  settings: ApiSettings,
  integration: Extract<ApiMethod['integration'], { type: 'AWS_PROXY' }>,
  seen: Integration,
): Promise<Answer> {
  const { api, permissions } = settings;
  if (!mayInvoke(permissions, integration.functionArn, api, request, route)) {
    throw new GatewayFault('INTERNAL_ERROR', { detail: 'Invalid permissions on Lambda function' });
  }
  const startedAt = performance.now();
  try {
    const result = await invokeInTime(request, route, settings, integration);
    seen.requestId = result.requestId;
    seen.status = 200;
    if (result.functionError !== undefined) {
      throw new GatewayFault('BAD_GATEWAY', { detail: `Lambda function error: ${result.payload}` });
    }
    return proxyAnswer(result.payload);
  } finally {
    seen.latencyMs = Math.round(performance.now() - startedAt);
  }
}

async function invokeInTime(
  request: GatewayRequest,
  route: Route,
  settings: ApiSettings,
  integration: Extract<ApiMethod['integration'], { type: 'AWS_PROXY' }>,
): Promise<InvokeResult> {
  const { api, accountId, region } = settings;
  const event = proxyEvent(request, route, { api, accountId, region, traceId: traceIdOf(request) });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayFault('INTEGRATION_TIMEOUT')), integration.timeoutMs);
  });
  try {
    // Past the timeout the function runs on, as on AWS; nobody waits for its answer.
    return await Promise.race([
      settings.functions.invoke(integration.functionArn, JSON.stringify(event)),
      timeout,
    ]);
  } catch (error) {
    throw error instanceof AwsError ? invokeFault(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** What a client sees when Lambda itself refuses the invocation: throttled or unknown, it is a 500. */
function invokeFault(error: AwsError): GatewayFault {
  return error.code === 'RequestTooLargeException'
    ? new GatewayFault('REQUEST_TOO_LARGE', { detail: error.message })
    : new GatewayFault('INTERNAL_ERROR', { detail: `${error.code}: ${error.message}` });
}

function traceIdOf({ receivedAt, requestId }: GatewayRequest): string {
  const time = Math.floor(receivedAt / 1000).toString(16);
  return `Root=1-${time}-${requestId.replaceAll('-', '').slice(0, 24)}`;
}
