import type { ApiDescription } from '../stack-description.ts';
import { headerOf, type GatewayRequest } from './gateway-request.ts';
import type { Route } from './routes.ts';

export interface EventSource {
  readonly api: ApiDescription;
  readonly accountId: string;
  readonly region: string;
  /** `X-Amzn-Trace-Id` of the request. */
  readonly traceId: string;
}

/**
 * The event of a Lambda proxy integration, payload format 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(
  request: GatewayRequest,
  route: Route,
  source: EventSource,
): Record<string, unknown> {
  const headers = [...request.headers, ...forwardedHeaders(request, source)];
  return {
    resource: route.method.resourcePath,
    path: request.path.slice(source.api.stageName.length + 1) || '/',
    httpMethod: request.httpMethod,
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    queryStringParameters: request.query.length === 0 ? null : Object.fromEntries(request.query),
    multiValueQueryStringParameters: request.query.length === 0 ? null : grouped(request.query),
    pathParameters: Object.keys(route.pathParameters).length === 0 ? null : route.pathParameters,
    stageVariables: null,
    requestContext: requestContext(request, route, source),
    body: request.body === '' ? null : request.body,
    isBase64Encoded: false,
  };
}

/** `18/Nov/2026:20:15:00 +0000` @param at epoch milliseconds */
export function requestTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function requestContext(request: GatewayRequest, route: Route, source: EventSource): Record<string, unknown> {
  const { api } = source;
  return {
    resourceId: route.method.resourcePath,
    resourcePath: route.method.resourcePath,
    httpMethod: request.httpMethod,
    extendedRequestId: request.extendedRequestId,
    requestTime: requestTime(request.receivedAt),
    requestTimeEpoch: request.receivedAt,
    path: request.path,
    accountId: source.accountId,
    protocol: request.protocol,
    stage: api.stageName,
    domainPrefix: api.id,
    domainName: `${api.id}.execute-api.${source.region}.amazonaws.com`,
    requestId: request.requestId,
    apiId: api.id,
    identity: identity(request, route),
  };
}

function identity(request: GatewayRequest, route: Route): Record<string, unknown> {
  return {
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    sourceIp: request.sourceIp,
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: headerOf(request, 'user-agent') ?? null,
    user: null,
    ...(route.method.apiKeyRequired ? { apiKey: headerOf(request, 'x-api-key') ?? null } : {}),
  };
}

function forwardedHeaders(request: GatewayRequest, source: EventSource): [string, string][] {
  const forwarded = headerOf(request, 'x-forwarded-for');
  const added: [string, string][] = [
    ['X-Forwarded-For', forwarded === undefined ? request.sourceIp : `${forwarded}, ${request.sourceIp}`],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Amzn-Trace-Id', source.traceId],
  ];
  return added;
}

function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  // A map: a client may call a header `constructor` or `__proto__`.
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return Object.fromEntries(groups);
}
