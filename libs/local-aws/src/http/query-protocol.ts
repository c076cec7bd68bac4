import type { AwsError, JsonObject } from '../service-call.ts';
import type { HttpAnswer, HttpRequest, ParsedRequest } from './protocol.ts';

const STS_VERSION = '2011-06-15';
const STS_NAMESPACE = `https://sts.amazonaws.com/doc/${STS_VERSION}/`;

/** AWS's oldest protocol, forms in and XML out, in which STS still speaks. */
export function parseQueryProtocol(request: HttpRequest): ParsedRequest | undefined {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (request.method !== 'POST' || !isForm) {
    return undefined;
  }
  const {
    Action: operation,
    Version: version,
    ...input
  } = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
  if (operation === undefined || version !== STS_VERSION) {
    return undefined;
  }
  return {
    service: 'sts',
    operation,
    input,
    success: (output, requestId) => success(operation, output, requestId),
    failure,
  };
}

function success(operation: string, output: JsonObject, requestId: string): HttpAnswer {
  const members = Object.entries(output)
    .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
    .join('');
  return xml(
    200,
    requestId,
    `<${operation}Response xmlns="${STS_NAMESPACE}"><${operation}Result>${members}</${operation}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
  );
}

function failure(error: AwsError, requestId: string): HttpAnswer {
  const type = error.statusCode < 500 ? 'Sender' : 'Receiver';
  return xml(
    error.statusCode,
    requestId,
    `<ErrorResponse xmlns="${STS_NAMESPACE}"><Error><Type>${type}</Type><Code>${error.code}</Code>` +
      `<Message>${escaped(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

function xml(statusCode: number, requestId: string, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
