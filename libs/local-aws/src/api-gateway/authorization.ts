import type { ApiDescription, FunctionPermission } from '../stack-description.ts';
import { GatewayFault } from './gateway-fault.ts';
import { headerOf, type GatewayRequest } from './gateway-request.ts';
import type { Route } from './routes.ts';

/**
 * Lets a request through that carries what its method asks for. A signature is not recomputed: on this machine any
 * credentials are good, but a request without any is refused.
 * @throws GatewayFault MISSING_AUTHENTICATION_TOKEN, INVALID_API_KEY
 */
export function authorize(request: GatewayRequest, { method }: Route, api: ApiDescription): void {
  if (method.authorization === 'AWS_IAM' && !isSigned(request)) {
    throw new GatewayFault('MISSING_AUTHENTICATION_TOKEN');
  }
  const key = headerOf(request, 'x-api-key');
  if (method.apiKeyRequired && (key === undefined || !api.apiKeys.includes(key))) {
    throw new GatewayFault('INVALID_API_KEY');
  }
}

function isSigned(request: GatewayRequest): boolean {
  const header = headerOf(request, 'authorization') ?? '';
  return header.startsWith('AWS4-HMAC-SHA256 ') || request.query.some(([name]) => name === 'X-Amz-Signature');
}

/** Whether the function's own policy lets this API's method invoke it. */
export function mayInvoke(
  permissions: readonly FunctionPermission[],
  functionArn: string,
  api: ApiDescription,
  request: GatewayRequest,
  { method }: Route,
): boolean {
  const functionName = functionArn.split(':')[6];
  const path = request.path.slice(api.stageName.length + 1) || '/';
  // API Gateway names a method by its path with a star for each parameter.
  const starred = method.resourcePath.replaceAll(/\{[^}]+\}/g, '*');
  const sources = [path, starred].map(
    (entry) => `${api.executionArn}/${api.stageName}/${request.httpMethod}${entry}`,
  );
  return permissions.some(
    (permission) =>
      permission.functionName === functionName &&
      permission.principal === 'apigateway.amazonaws.com' &&
      ['lambda:InvokeFunction', 'lambda:*', '*'].includes(permission.action) &&
      sources.some((source) => permission.sourceArn === undefined || matches(permission.sourceArn, source)),
  );
}

function matches(pattern: string, arn: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(arn);
}
