import { describe, expect, it } from 'vitest';
import { bodyText, headerValues } from './http-request.ts';
import { jsonResponse } from './http-response.ts';

describe('a request', () => {
  it.each([
    ['no headers', {}, []],
    ['null headers', { headers: null as never, multiValueHeaders: null as never }, []],
    ['another case', { headers: { 'IDEMPOTENCY-key': 'a' } }, ['a']],
    [
      'both forms',
      { headers: { 'Idempotency-Key': 'a' }, multiValueHeaders: { 'Idempotency-Key': ['a'] } },
      ['a'],
    ],
    [
      'two values',
      { headers: { 'x-other': 'b' }, multiValueHeaders: { 'idempotency-key': ['a', 'b'] } },
      ['a', 'b'],
    ],
  ])('has header values with %s', (_what, event, expected) => {
    // Act
    const values = headerValues(event, 'Idempotency-Key');

    // Assess
    expect(values).toEqual(expected);
  });

  it('has a body as text, encoded or not, or none', () => {
    // Act
    const texts = [
      bodyText({ body: 'ü', isBase64Encoded: false }),
      bodyText({ body: 'w7w=', isBase64Encoded: true }),
      bodyText({ body: null, isBase64Encoded: false }),
      bodyText({}),
    ];

    // Assess
    expect(texts).toEqual(['ü', 'ü', '', '']);
  });
});

describe('a response', () => {
  it('is JSON that any page may read, with the correlation id', () => {
    // Act
    const response = jsonResponse(503, { error: 'later' }, { correlationId: 'c', retryAfter: 1 });

    // Assess
    expect(response).toEqual({
      statusCode: 503,
      headers: {
        'content-type': 'application/json',
        'x-correlation-id': 'c',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-correlation-id, retry-after',
        'retry-after': '1',
      },
      body: '{"error":"later"}',
    });
  });
});
