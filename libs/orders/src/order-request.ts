import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Check, Errors } from 'typebox/schema';

/** Longest `customer_id` and `product_id`, in characters (the HTTP contract). */
export const MAX_ID_LENGTH = 128;
/** Most items in one order (the HTTP contract). */
export const MAX_ITEMS = 100;
/**
 * Largest `quantity` of one item, in units: the units of 100 items still add up exactly. A JSON integer such as 1e300
 * would be accepted and could then never be stored (DynamoDB numbers end at 38 digits), so it is refused at the door.
 */
export const MAX_QUANTITY = Math.floor(Number.MAX_SAFE_INTEGER / MAX_ITEMS);

/**
 * Not blank, and no control characters, lone surrogates, U+FFFE or U+FFFF: SQS refuses some of those in a body (AWS:
 * "SendMessage"). Not `\p{Cn}`: what is unassigned depends on the runtime's Unicode version.
 */
const PRINTABLE = '^(?=.*\\S)[^\\p{Cc}\\p{Cs}\\uFFFE\\uFFFF]*$';

const Identifier = Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, pattern: PRINTABLE });

export const OrderItem = Type.Object({
  product_id: Identifier,
  quantity: Type.Integer({ minimum: 1, maximum: MAX_QUANTITY }),
});
export type OrderItem = Static<typeof OrderItem>;

/**
 * What a client may send to POST /order. The one source of the request type, of api-handler's validation and
 * (through `apiGatewayModel`) of the API Gateway model.
 */
export const OrderRequest = Type.Object({
  customer_id: Identifier,
  items: Type.Array(OrderItem, { minItems: 1, maxItems: MAX_ITEMS }),
});
export type OrderRequest = Static<typeof OrderRequest>;

export type ParsedOrderRequest =
  | { readonly valid: true; readonly request: OrderRequest }
  | { readonly valid: false; readonly message: string };

/**
 * Checks a parsed JSON body and drops unknown fields.
 * @returns the request, or the first violation as a sentence that names the field
 */
export function parseOrderRequest(body: unknown): ParsedOrderRequest {
  if (Check(OrderRequest, body)) {
    return { valid: true, request: withoutUnknownFields(body) };
  }
  const [, [violation]] = Errors(OrderRequest, body);
  const message = violation === undefined ? 'body is not an order' : describeViolation(violation);
  return { valid: false, message };
}

function withoutUnknownFields(request: OrderRequest): OrderRequest {
  return {
    customer_id: request.customer_id,
    items: request.items.map(({ product_id, quantity }) => ({ product_id, quantity })),
  };
}

type Violation = ReturnType<typeof Errors>[1][number];

/** `/items/0/product_id` -> `items[0].product_id`, as people write it. */
function fieldName(instancePath: string): string {
  return instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
}

function describeViolation(violation: Violation): string {
  const field = fieldName(violation.instancePath) || 'body';
  switch (violation.keyword) {
    case 'required': {
      const missing = violation.params.requiredProperties.join(', ');
      return field === 'body' ? `${missing} is required` : `${field}.${missing} is required`;
    }
    case 'minItems':
      return `${field} must be a non-empty array`;
    case 'maxItems':
      return `${field} must have at most ${violation.params.limit} entries`;
    case 'minLength':
    case 'pattern':
      return `${field} must not be empty or blank or contain control characters`;
    case 'maxLength':
      return `${field} must be at most ${violation.params.limit} characters`;
    case 'minimum':
      return `${field} must be at least ${violation.params.limit}`;
    case 'maximum':
      return `${field} must be at most ${violation.params.limit}`;
    default:
      return `${field} ${violation.message}`;
  }
}
