import type { AccessLogLine } from '../api-gateway/api-server.ts';
import type { RequestFacts } from '../api-gateway/context-variables.ts';
import type { FaultType, GatewayFault } from '../api-gateway/gateway-fault.ts';
import type { Meter } from '../meter/meter.ts';

export interface CountedRequest {
  readonly answer: { readonly body: string };
  readonly facts: {
    readonly request: Pick<RequestFacts['request'], 'httpMethod' | 'path'>;
    readonly route: { readonly method: { readonly resourcePath: string } } | undefined;
    readonly fault: Pick<GatewayFault, 'type'> | undefined;
  };
  readonly accessLog: AccessLogLine | undefined;
}

/**
 * Refusals that AWS doesn't bill: throttled, unauthorized, no such route. Others are billed, failed validation too
 * (AWS's answer in https://repost.aws/questions/QU5y4fo-e3RWyU5r4VmyPIzA).
 */
const UNBILLED = new Set<FaultType>(['MISSING_AUTHENTICATION_TOKEN', 'INVALID_API_KEY', 'THROTTLED']);

/** Meters a request to an API. Whose it is shows in its path or in its answer. */
export function countRequest(
  meter: Pick<Meter, 'apiRequest'>,
  apiName: string,
  { answer, facts: { request, route, fault }, accessLog }: CountedRequest,
): void {
  const counted = {
    apiName,
    route: route === undefined ? 'unknown' : `${request.httpMethod} ${route.method.resourcePath}`,
    isBilled: fault === undefined || !UNBILLED.has(fault.type),
    accessLog,
  };
  meter.apiRequest(counted, answer.body, request.path);
}
