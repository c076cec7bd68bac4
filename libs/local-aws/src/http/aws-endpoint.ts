import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsError, type Dispatch, type Principal } from '../service-call.ts';
import { parseJsonProtocol } from './json-protocol.ts';
import { parseLambdaProtocol } from './lambda-protocol.ts';
import { closeServer, listenLocally } from './listen.ts';
import { accessKeyId, type HttpAnswer, type HttpRequest, type ParsedRequest } from './protocol.ts';
import { parseQueryProtocol } from './query-protocol.ts';

export interface AwsEndpoint {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

export interface AwsEndpointPorts {
  readonly dispatch: Dispatch;
  /** Answers requests that are no calls of an AWS API; undefined for all others. */
  readonly ownPage?: (request: HttpRequest) => HttpAnswer | undefined;
  readonly principalOf: (accessKeyId: string | undefined) => Principal;
  /** Told of what is no AWS error, a defect of an engine; the client sees InternalFailure. */
  readonly onDefect: (error: unknown, operation: string) => void;
}

/** DynamoDB's batches may have 16 MB, the largest of all requests taken here; some room for base64. */
const MAX_BODY_BYTES = 24 * 1024 * 1024;
const CLOSE_GRACE_MS = 2000;

/**
 * The one endpoint of all services, for `AWS_ENDPOINT_URL`.
 * @param port 0 takes a free one
 * @throws PortTakenError
 */
export async function startAwsEndpoint(port: number, ports: AwsEndpointPorts): Promise<AwsEndpoint> {
  const server = createServer((request, response) => {
    void serve(request, response, ports);
  });
  // Clients keep connections for their next calls; a server that ends one first makes such a call fail.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  const url = await listenLocally(server, port, '--aws-port');
  return { url, close: () => closeServer(server, CLOSE_GRACE_MS) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  ports: AwsEndpointPorts,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const body = await bodyOf(request);
    const answer = await answerTo(
      { method: request.method ?? '', url: request.url ?? '/', headers: request.headers, body },
      ports,
      gone.signal,
    );
    response.writeHead(answer.statusCode, {
      ...answer.headers,
      'content-length': Buffer.byteLength(answer.body),
    });
    response.end(answer.body);
  } catch (error) {
    if (!gone.signal.aborted) {
      ports.onDefect(error, `${request.method} ${request.url}`);
      response.destroy();
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) {
      chunks.push(chunk);
    }
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : Buffer.alloc(MAX_BODY_BYTES + 1);
}

async function answerTo(
  request: HttpRequest,
  ports: AwsEndpointPorts,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const requestId = randomUUID();
  if (!URL.canParse(request.url, 'http://127.0.0.1')) {
    return plainFailure(new AwsError('InvalidRequest', `${request.url} is not a URL`), requestId);
  }
  const own = ports.ownPage?.(request);
  if (own !== undefined) {
    return own;
  }
  let parsed: ParsedRequest;
  try {
    parsed = parse(request);
  } catch (error) {
    if (error instanceof AwsError) {
      return plainFailure(error, requestId);
    }
    throw error;
  }
  const { service, operation, input } = parsed;
  try {
    const principal = ports.principalOf(accessKeyId(request.headers));
    return parsed.success(await ports.dispatch({ service, operation, input, principal, signal }), requestId);
  } catch (error) {
    if (error instanceof AwsError) {
      return parsed.failure(error, requestId);
    }
    ports.onDefect(error, `${service}:${operation}`);
    return parsed.failure(new AwsError('InternalFailure', 'The local engine failed', 500), requestId);
  }
}

/** @throws AwsError for what none of the protocols knows */
function parse(request: HttpRequest): ParsedRequest {
  if (request.body.length > MAX_BODY_BYTES) {
    throw new AwsError('RequestEntityTooLargeException', 'The request is too large', 413);
  }
  const parsed = parseJsonProtocol(request) ?? parseLambdaProtocol(request) ?? parseQueryProtocol(request);
  if (parsed === undefined) {
    const action = /Action=(\w+)/.exec(request.body.toString('utf8', 0, 2000))?.[1];
    throw new AwsError(
      'UnknownOperationException',
      `${action ?? `${request.method} ${request.url}`} is not an operation of the local AWS endpoint`,
      404,
    );
  }
  return parsed;
}

/** In the shape that all JSON clients read, for requests whose own protocol isn't known. */
function plainFailure(error: AwsError, requestId: string): HttpAnswer {
  return {
    statusCode: error.statusCode,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}
