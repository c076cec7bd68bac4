import type { GatewayFault } from './gateway-fault.ts';
import { headerOf, type GatewayRequest } from './gateway-request.ts';
import { requestTime } from './proxy-event.ts';
import type { Route } from './routes.ts';

/** All that `$context` variables can be asked about one request. */
export interface RequestFacts {
  readonly request: GatewayRequest;
  readonly route: Route | undefined;
  readonly fault: GatewayFault | undefined;
  readonly apiId: string;
  readonly stageName: string;
  readonly accountId: string;
  /** Known once the answer is: for access logs. */
  readonly answered?: {
    readonly statusCode: number;
    readonly bytes: number;
    readonly latencyMs: number;
  };
  readonly integration: { status?: number; latencyMs?: number; requestId?: string; error?: string };
}

type Variable = (facts: RequestFacts) => string | number | undefined;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
const VARIABLES: Readonly<Record<string, Variable>> = {
  accountId: ({ accountId }) => accountId,
  apiId: ({ apiId }) => apiId,
  stage: ({ stageName }) => stageName,
  requestId: ({ request }) => request.requestId,
  extendedRequestId: ({ request }) => request.extendedRequestId,
  httpMethod: ({ request }) => request.httpMethod,
  path: ({ request }) => request.path,
  protocol: ({ request }) => request.protocol,
  requestTime: ({ request }) => requestTime(request.receivedAt),
  requestTimeEpoch: ({ request }) => request.receivedAt,
  resourcePath: ({ route }) => route?.method.resourcePath,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.userAgent': ({ request }) => headerOf(request, 'user-agent'),
  status: ({ answered }) => answered?.statusCode,
  responseLength: ({ answered }) => answered?.bytes,
  responseLatency: ({ answered }) => answered?.latencyMs,
  'error.message': ({ fault }) => fault?.message,
  'error.messageString': ({ fault }) => (fault === undefined ? undefined : JSON.stringify(fault.message)),
  'error.responseType': ({ fault }) => fault?.type,
  integrationLatency: ({ integration }) => integration.latencyMs,
  integrationStatus: ({ integration }) => integration.status,
  integrationErrorMessage: ({ integration }) => integration.error,
  'integration.latency': ({ integration }) => integration.latencyMs,
  'integration.status': ({ integration }) => integration.status,
  'integration.integrationStatus': ({ integration }) => integration.status,
  'integration.requestId': ({ integration }) => integration.requestId,
  'integration.error': ({ integration }) => integration.error,
};

/** @param name without `$context.` @returns undefined for a variable that has no value here */
export function contextVariable(name: string, facts: RequestFacts): string | undefined {
  const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  const value = variable?.(facts);
  return value === undefined ? undefined : String(value);
}

/** A template with its `$context` variables filled in. @param missing what stands for one that has no value */
export function fillTemplate(template: string, facts: RequestFacts, missing: string): string {
  return template.replaceAll(
    /\$context\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)/g,
    (_, name: string) => contextVariable(name, facts) ?? missing,
  );
}
