import { headerValues } from '@dofs/lambda-kit/http-request';
import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Visible ASCII (RFC 9110, section 5.5: field-vchar without obs-text). */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;

type Headers = Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'>;

/** `undefined` where there is none. */
export type IdempotencyKey =
  | { readonly valid: true; readonly key: string | undefined }
  | { readonly valid: false; readonly message: string };

/** The Idempotency-Key header: 1 to 255 visible ASCII characters, sent once. */
export function idempotencyKey(headers: Partial<Headers>): IdempotencyKey {
  const values = headerValues(headers, 'Idempotency-Key');
  if (values.length > 1) {
    return { valid: false, message: 'Idempotency-Key must be sent only once' };
  }
  const [key] = values;
  return key === undefined || IDEMPOTENCY_KEY.test(key)
    ? { valid: true, key }
    : { valid: false, message: 'Idempotency-Key must be 1 to 255 visible ASCII characters' };
}

/** The X-Correlation-Id header; one that isn't fit for a log line is as good as none. */
export function correlationId(headers: Partial<Headers>): string | undefined {
  const [value] = headerValues(headers, 'X-Correlation-Id');
  return value !== undefined && CORRELATION_ID.test(value) ? value : undefined;
}
