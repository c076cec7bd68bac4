import DraftFourAjv from 'ajv-draft-04';
import type { ApiDescription, ApiMethod } from '../stack-description.ts';
import { GatewayFault } from './gateway-fault.ts';
import { headerOf, type GatewayRequest } from './gateway-request.ts';
import type { Route } from './routes.ts';

type Check = (body: unknown) => boolean;
/** @throws GatewayFault BAD_REQUEST_PARAMETERS, BAD_REQUEST_BODY */
export type RequestValidation = (request: GatewayRequest, route: Route) => void;

/** The content type that a request without one is taken to have. */
const ASSUMED_CONTENT_TYPE = 'application/json';

/**
 * Compiles the request models of an API.
 * @throws Error where a model is no JSON schema of draft 4
 */
export function createValidation(api: ApiDescription): RequestValidation {
  const ajv = new DraftFourAjv({ strict: false, validateFormats: false, logger: false });
  const checks = new Map<ApiMethod, ReadonlyMap<string, Check>>(
    api.methods.map((method) => [
      method,
      new Map(
        Object.entries(method.requestModels).map(([contentType, schema]) => [
          contentType,
          compile(ajv, schema, method),
        ]),
      ),
    ]),
  );
  return (request, { method, pathParameters }) => {
    if (method.validateParameters) {
      checkParameters(request, method, pathParameters);
    }
    if (method.validateBody) {
      checkBody(request, checks.get(method));
    }
  };
}

function compile(ajv: InstanceType<typeof DraftFourAjv>, schema: unknown, method: ApiMethod): Check {
  try {
    return ajv.compile(schema as Record<string, unknown>);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the request model of ${method.httpMethod} ${method.resourcePath}: ${reason}`, {
      cause: error,
    });
  }
}

/** The model of the request's content type or, where it has none, of `$default`; without either, nothing is checked. */
function checkBody(request: GatewayRequest, checks: ReadonlyMap<string, Check> | undefined): void {
  const contentType = (headerOf(request, 'content-type') ?? ASSUMED_CONTENT_TYPE).split(';')[0] ?? '';
  const check = checks?.get(contentType.trim().toLowerCase()) ?? checks?.get('$default');
  if (check !== undefined && !check(parsed(request.body))) {
    throw new GatewayFault('BAD_REQUEST_BODY');
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new GatewayFault('BAD_REQUEST_BODY');
  }
}

function checkParameters(
  request: GatewayRequest,
  method: ApiMethod,
  pathParameters: Readonly<Record<string, string>>,
): void {
  const missing = Object.entries(method.requestParameters)
    .filter(([, isRequired]) => isRequired)
    .map(([parameter]) => parameter.split('.'))
    .filter(([, , place, ...name]) => !isPresent(request, pathParameters, place, name.join('.')))
    .map(([, , , ...name]) => name.join('.'));
  if (missing.length > 0) {
    throw new GatewayFault('BAD_REQUEST_PARAMETERS', {
      message: `Missing required request parameters: [${missing.join(', ')}]`,
    });
  }
}

function isPresent(
  request: GatewayRequest,
  pathParameters: Readonly<Record<string, string>>,
  place: string | undefined,
  name: string,
): boolean {
  switch (place) {
    case 'querystring':
      return request.query.some(([key, value]) => key === name && value !== '');
    case 'header':
      return (headerOf(request, name.toLowerCase()) ?? '') !== '';
    default:
      return (pathParameters[name] ?? '') !== '';
  }
}
