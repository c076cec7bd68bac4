import type { ApiDescription, GatewayResponse } from '../stack-description.ts';
import type { Answer } from './answer.ts';
import { contextVariable, fillTemplate, type RequestFacts } from './context-variables.ts';
import type { GatewayFault } from './gateway-fault.ts';

const HEADER = 'gatewayresponse.header.';

/** What API Gateway answers itself, in the form that the stack gave that answer. */
export function gatewayAnswer(api: ApiDescription, fault: GatewayFault, facts: RequestFacts): Answer {
  const family = fault.statusCode < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const response = responseOf(api, fault.type) ?? responseOf(api, family);
  const template = response?.responseTemplates['application/json'];
  return {
    statusCode: response?.statusCode ?? fault.statusCode,
    headers: [['Content-Type', 'application/json'], ...headersOf(response, facts)],
    body:
      template === undefined ? JSON.stringify({ message: fault.message }) : fillTemplate(template, facts, ''),
  };
}

function responseOf(api: ApiDescription, type: string): GatewayResponse | undefined {
  return api.gatewayResponses.find(({ responseType }) => responseType === type);
}

function headersOf(response: GatewayResponse | undefined, facts: RequestFacts): [string, string][] {
  const headers = Object.entries(response?.responseParameters ?? {})
    .filter(([name]) => name.startsWith(HEADER))
    .map(([name, source]) => [name.slice(HEADER.length), source] as const);
  return filledHeaders(headers, facts);
}

/** Headers with what they carry; those without a value are left out. */
export function filledHeaders(
  headers: readonly (readonly [name: string, source: string])[],
  facts: RequestFacts,
): [string, string][] {
  return headers.flatMap(([name, source]) => {
    const value = parameterValue(source, facts);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
}

/** `'a constant'`, or where the value is taken from: `context.requestId`, `method.request.header.Origin`. */
function parameterValue(source: string, facts: RequestFacts): string | undefined {
  const [, constant] = /^'(.*)'$/s.exec(source) ?? [];
  if (constant !== undefined) {
    return constant;
  }
  if (source.startsWith('context.')) {
    return contextVariable(source.slice('context.'.length), facts);
  }
  const [, place, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  const pairs = place === 'header' ? facts.request.headers : facts.request.query;
  return pairs.findLast(([key]) => key.toLowerCase() === name?.toLowerCase())?.[1];
}
