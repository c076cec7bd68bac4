import type { StackDescription } from '../stack-description.ts';

/**
 * Where URLs will be is known when the ports are bound, and what a stack says is needed before that. So a stack
 * that was read has these in its URLs (host names that can't exist, RFC 2606) until `withEndpoints` replaces them.
 */
export const awsEndpointPlaceholder = 'http://aws-endpoint.invalid';
export const apiPlaceholder = 'http://api-gateway.invalid';

export interface LocalEndpoints {
  /** `http://127.0.0.1:4566`, no slash at the end. */
  readonly awsEndpoint: string;
  /** `http://127.0.0.1:3000`, no slash and no stage at the end. */
  readonly apiOrigin: string;
}

/** The stack with its queue URLs, invoke URLs and outputs on this machine's endpoints. */
export function withEndpoints(stack: StackDescription, endpoints: LocalEndpoints): StackDescription {
  return located(stack, endpoints) as StackDescription;
}

function located(value: unknown, endpoints: LocalEndpoints): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(awsEndpointPlaceholder, endpoints.awsEndpoint)
      .replaceAll(apiPlaceholder, endpoints.apiOrigin);
  }
  if (Array.isArray(value)) {
    return value.map((entry) => located(entry, endpoints));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, located(entry, endpoints)]));
}
