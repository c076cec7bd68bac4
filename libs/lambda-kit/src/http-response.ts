import type { APIGatewayProxyResult } from 'aws-lambda';

/** Any site's page may call the API: it carries no cookies, and who may order is not decided by origin. */
const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-correlation-id, retry-after',
};

export interface ResponseDetails {
  readonly correlationId: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
}

/** An answer of the API: JSON, readable by pages of other origins, and traceable by its correlation id. */
export function jsonResponse(
  statusCode: number,
  body: unknown,
  { correlationId, retryAfter }: ResponseDetails,
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      'content-type': 'application/json',
      'x-correlation-id': correlationId,
      ...CORS_HEADERS,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(body),
  };
}
