/**
 * API Gateway's own refusals, by the names of its gateway responses.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const FAULTS = {
  BAD_REQUEST_BODY: { statusCode: 400, message: 'Invalid request body' },
  BAD_REQUEST_PARAMETERS: { statusCode: 400, message: 'Missing required request parameters' },
  MISSING_AUTHENTICATION_TOKEN: { statusCode: 403, message: 'Missing Authentication Token' },
  INVALID_API_KEY: { statusCode: 403, message: 'Forbidden' },
  REQUEST_TOO_LARGE: { statusCode: 413, message: 'Request Too Long' },
  THROTTLED: { statusCode: 429, message: 'Too Many Requests' },
  INTEGRATION_TIMEOUT: { statusCode: 504, message: 'Endpoint request timed out' },
  // What these two answer has no name of its own: DEFAULT_5XX is their customizable form.
  INTERNAL_ERROR: { statusCode: 500, message: 'Internal server error' },
  BAD_GATEWAY: { statusCode: 502, message: 'Internal server error' },
} as const;

export type FaultType = keyof typeof FAULTS;

/** A request that API Gateway answers itself. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault';
  readonly type: FaultType;
  readonly statusCode: number;
  /** What goes wrong behind the API, for the access log alone. */
  readonly detail: string | undefined;
  constructor(type: FaultType, options: { readonly message?: string; readonly detail?: string } = {}) {
    super(options.message ?? FAULTS[type].message);
    this.type = type;
    this.statusCode = FAULTS[type].statusCode;
    this.detail = options.detail;
  }
}
