import { AwsError, type JsonObject } from '../service-call.ts';
import type { HttpAnswer, HttpRequest, ParsedRequest } from './protocol.ts';

const FUNCTIONS = /^\/2015-03-31\/functions\/?$/;
const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)$/;
const CONFIGURATION = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/;
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda's REST API. @returns undefined if the request is not for it */
export function parseLambdaProtocol(request: HttpRequest): ParsedRequest | undefined {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  if (!pathname.startsWith('/2015-03-31/')) {
    return undefined;
  }
  const operation = operationOf(request, pathname, searchParams);
  if (operation === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `${request.method} ${pathname} is not an operation of the local AWS endpoint`,
      404,
    );
  }
  return {
    service: 'lambda',
    success: operation.operation === 'Invoke' ? invoked : json,
    failure,
    ...operation,
  };
}

function operationOf(
  { method, headers, body }: HttpRequest,
  path: string,
  query: URLSearchParams,
): { readonly operation: string; readonly input: JsonObject } | undefined {
  const named = (pattern: RegExp) => {
    const name = pattern.exec(path)?.[1];
    return name === undefined ? undefined : decoded(name);
  };
  if (method === 'POST') {
    const FunctionName = named(INVOCATIONS);
    const input = {
      FunctionName,
      Payload: body.toString('utf8'),
      InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
      LogType: headers['x-amz-log-type'] ?? 'None',
    };
    return FunctionName === undefined ? undefined : { operation: 'Invoke', input };
  }
  if (method !== 'GET') {
    return undefined;
  }
  if (FUNCTIONS.test(path)) {
    return { operation: 'ListFunctions', input: pageOf(query) };
  }
  const FunctionName = named(FUNCTION);
  if (FunctionName !== undefined) {
    return { operation: 'GetFunction', input: { FunctionName } };
  }
  const configured = named(CONFIGURATION);
  return configured === undefined
    ? undefined
    : { operation: 'GetFunctionConfiguration', input: { FunctionName: configured } };
}

/** @throws AwsError InvalidParameterValueException for a broken escape, such as `%ZZ` */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new AwsError('InvalidParameterValueException', `The function name ${name} is not properly encoded`);
  }
}

function pageOf(query: URLSearchParams): JsonObject {
  const marker = query.get('Marker');
  const limit = query.get('MaxItems');
  return {
    ...(marker === null ? {} : { Marker: marker }),
    ...(limit === null ? {} : { MaxItems: Number(limit) }),
  };
}

/** The function's own answer is the body; what Lambda says of it is in the headers. */
function invoked(output: JsonObject, requestId: string): HttpAnswer {
  const { StatusCode, Payload, FunctionError, ExecutedVersion, LogResult } = output;
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amz-executed-version': String(ExecutedVersion),
  };
  if (typeof FunctionError === 'string') {
    headers['x-amz-function-error'] = FunctionError;
  }
  if (typeof LogResult === 'string') {
    headers['x-amz-log-result'] = LogResult;
  }
  return { statusCode: Number(StatusCode), headers, body: typeof Payload === 'string' ? Payload : '' };
}

function json(output: JsonObject, requestId: string): HttpAnswer {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify(output),
  };
}

function failure(error: AwsError, requestId: string): HttpAnswer {
  return {
    statusCode: error.statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({
      Type: error.statusCode < 500 ? 'User' : 'Service',
      message: error.message,
      Message: error.message,
      ...error.members,
    }),
  };
}
