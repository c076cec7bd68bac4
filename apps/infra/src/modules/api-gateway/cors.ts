/** Headers that let a page of any origin use the API: it takes no cookies, so an origin proves nothing. */
export const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers':
    'Content-Type,Authorization,X-Api-Key,X-Amz-Date,X-Amz-Security-Token,Idempotency-Key,X-Correlation-Id',
  'Access-Control-Expose-Headers': 'x-correlation-id,Retry-After',
} as const;

/** API Gateway writes a constant in quotes. */
export function constant(value: string): string {
  return `'${value}'`;
}

/** `prefix` + header -> the quoted constant, as responses of methods, integrations and the gateway take them. */
export function responseParameters(
  prefix: string,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([header, value]) => [`${prefix}.header.${header}`, constant(value)]),
  );
}
