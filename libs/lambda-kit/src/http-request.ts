import type { APIGatewayProxyEvent } from 'aws-lambda';

type Headers = Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'>;
type Body = Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>;

/**
 * All values of a header, whatever its letters' case, without repetitions.
 *
 * API Gateway sends every header twice: the last value in `headers` and all of them in `multiValueHeaders`; either
 * may be null in a hand-made event.
 */
export function headerValues(
  { headers, multiValueHeaders }: Partial<Headers>,
  name: string,
): readonly string[] {
  const single = Object.entries(headers ?? {});
  const multiple = Object.entries(multiValueHeaders ?? {}).flatMap(([key, values]) =>
    (values ?? []).map((value) => [key, value] as const),
  );
  const values = [...single, ...multiple]
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** The body as text; empty where there is none. */
export function bodyText({ body, isBase64Encoded }: Partial<Body>): string {
  const text = body ?? '';
  return isBase64Encoded === true ? Buffer.from(text, 'base64').toString('utf8') : text;
}
