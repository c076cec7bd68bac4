import { OrderRequest } from './order-request.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Keywords that API Gateway must not check: it answers every violation with the one message `Invalid request
 * body`, and for these the contract asks for an answer that names the field. api-handler gives it.
 */
const CHECKED_BY_THE_LAMBDA = new Set([
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'maximum',
]);

/**
 * The API Gateway request model of POST /order: the order request's schema in JSON Schema draft-04 (the only
 * draft that API Gateway models know), without the keywords that api-handler checks.
 */
export function apiGatewayModel(title: string): Record<string, Json> {
  const schema = structureOf(JSON.parse(JSON.stringify(OrderRequest)) as Json);
  return { $schema: 'http://json-schema.org/draft-04/schema#', title, ...(schema as Record<string, Json>) };
}

function structureOf(schema: Json): Json {
  if (Array.isArray(schema)) {
    return schema.map((entry: Json) => structureOf(entry));
  }
  if (schema === null || typeof schema !== 'object') {
    return schema;
  }
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !CHECKED_BY_THE_LAMBDA.has(keyword))
      .map(([keyword, value]) => [keyword, structureOf(value)]),
  );
}
