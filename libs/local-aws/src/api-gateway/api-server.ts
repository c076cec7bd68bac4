import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LogSink } from '../engines.ts';
import type { Answer } from './answer.ts';
import { fillTemplate, type RequestFacts } from './context-variables.ts';
import { gatewayRequest } from './gateway-request.ts';
import { createHandler, type ApiSettings, type Handled, type HandleRequest } from './handle-request.ts';
import { readBody } from './read-body.ts';

/** Total size of a request's headers, in bytes (API Gateway quotas for REST APIs). */
const LONGEST_HEADERS_BYTES = 10_240;
/** How long a client may take for its headers, for its whole request, and idle between two, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
const TIMEOUT_CHECK_MS = 2_000;

export interface ApiServerSettings extends ApiSettings {
  readonly logs: LogSink;
  readonly randomUuid: () => string;
  /** Told of every request with its answer, and of its line in the access log, if the stage has one. */
  readonly onAnswered?: (handled: Handled, accessLog: AccessLogLine | undefined) => void;
}

export interface AccessLogLine {
  readonly logGroupName: string;
  readonly message: string;
}

/**
 * A server that answers as the stage does; it isn't listening yet (`listenLocally`, and `closeServer` at the end).
 * @throws Error where a request model is no JSON schema
 */
export function createApiServer(settings: ApiServerSettings): Server {
  const handle = createHandler(settings);
  const logAccess = createAccessLog(settings);
  const server = createServer(
    {
      maxHeaderSize: LONGEST_HEADERS_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    (message, response) => {
      serve(message, response, handle, settings)
        .then((handled) => {
          if (handled !== undefined) {
            const accessLog = logAccess(handled);
            settings.onAnswered?.(handled, accessLog);
          }
        })
        .catch((error: unknown) => {
          settings.onError(error);
          // Nothing that could be answered in form: the request could not even be read.
          response.destroy();
        });
    },
  );
  server.on('clientError', refuse);
  return server;
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  handle: HandleRequest,
  settings: ApiServerSettings,
): Promise<Handled | undefined> {
  const startedAt = performance.now();
  const receivedAt = settings.clock();
  const body = await readBody(message);
  if (body === undefined) {
    return undefined;
  }
  const request = gatewayRequest(message, body.text, settings.randomUuid(), receivedAt);
  const { answer, facts } = await handle(request, body.isTooLarge);
  send(response, answer, request.requestId);
  const answered = {
    statusCode: answer.statusCode,
    bytes: Buffer.byteLength(answer.body),
    latencyMs: Math.round(performance.now() - startedAt),
  };
  return { answer, facts: { ...facts, answered } };
}

function send(response: ServerResponse, answer: Answer, requestId: string): void {
  response.statusCode = answer.statusCode;
  response.setHeader('x-amzn-RequestId', requestId);
  for (const [name, value] of answer.headers) {
    response.appendHeader(name, value);
  }
  response.end(answer.body);
}

function createAccessLog({
  api: { accessLog },
  logs,
  clock,
  randomUuid,
}: ApiServerSettings): (handled: Handled) => AccessLogLine | undefined {
  if (accessLog === undefined) {
    return () => undefined;
  }
  const { logGroupName, format } = accessLog;
  const streamName = randomUuid().replaceAll('-', '');
  return ({ facts }: { readonly facts: RequestFacts }) => {
    const message = `${fillTemplate(format, facts, '-')}\n`;
    logs.append(logGroupName, streamName, [{ timestamp: clock(), message }]);
    return { logGroupName, message };
  };
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What isn't HTTP gets an answer that is, and no second chance. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
