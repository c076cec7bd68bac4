import type { IncomingMessage } from 'node:http';

/** A request as API Gateway sees it. */
export interface GatewayRequest {
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly httpMethod: string;
  /** Percent-encoded, stage included: `/dev/order`. */
  readonly path: string;
  /** Decoded, in the order they came. */
  readonly query: readonly (readonly [string, string])[];
  /** In the client's own spelling and order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly sourceIp: string;
  readonly protocol: string;
  readonly body: string;
}

/** @param header in lower case; the last one counts where it came more than once, as in proxy events */
export function headerOf(request: GatewayRequest, header: string): string | undefined {
  return request.headers.findLast(([name]) => name.toLowerCase() === header)?.[1];
}

export function gatewayRequest(
  message: IncomingMessage,
  body: string,
  requestId: string,
  receivedAt: number,
): GatewayRequest {
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const queryStart = target.indexOf('?');
  return {
    requestId,
    extendedRequestId: `${Buffer.from(requestId.slice(0, 11)).toString('base64').replaceAll('=', '')}=`,
    receivedAt,
    httpMethod: message.method ?? 'GET',
    path: (queryStart < 0 ? target : target.slice(0, queryStart)) || '/',
    query: queryStart < 0 ? [] : [...new URLSearchParams(target.slice(queryStart + 1))],
    headers: pairs(message.rawHeaders),
    sourceIp: (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    protocol: `HTTP/${message.httpVersion}`,
    body,
  };
}

function pairs(rawHeaders: readonly string[]): (readonly [string, string])[] {
  const result: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    result.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return result;
}
