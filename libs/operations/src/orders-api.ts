import { networkCode } from './explain-aws-error.ts';
import { OperationError } from './operation-error.ts';
import type { Target } from './target.ts';

/** One answer of the order API. */
export interface ApiAnswer {
  readonly status: number;
  /** The answer's JSON object; empty where it is none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly correlationId?: string;
  /** Seconds, from Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Milliseconds from sending the request to having read the answer. */
  readonly latencyMs: number;
}

export interface ApiRequest {
  readonly method: string;
  /** `/order` */
  readonly path: string;
  /** Sent as it is. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** API Gateway gives up on an integration after 29 s, so a healthy API has answered by then. */
const REQUEST_TIMEOUT_MS = 35_000;

/**
 * One request to the order API, whatever the answer's status.
 * @throws OperationError `unreachable` or `timeout`; the signal's own reason when it was aborted
 */
export async function callApi(target: Target, request: ApiRequest): Promise<ApiAnswer> {
  const url = `${apiUrlOf(target)}${request.path}`;
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const begin = performance.now();
  try {
    const response = await send(target, url, {
      method: request.method,
      ...(request.body === undefined ? {} : { body: request.body }),
      headers: {
        ...(target.apiKey === undefined ? {} : { 'x-api-key': target.apiKey }),
        ...request.headers,
      },
      signal: request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]),
    });
    const text = await response.text();
    const correlationId = response.headers.get('x-correlation-id');
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      status: response.status,
      body: jsonObject(text),
      latencyMs: performance.now() - begin,
      ...(correlationId === null ? {} : { correlationId }),
      ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
    };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw unreachable(url, error, timeout.aborted);
  }
}

async function send(target: Target, url: string, init: RequestInit): Promise<Response> {
  if (target.signsRequests !== true) {
    return fetch(url, init);
  }
  const { signedFetch } = await import('./signed-fetch.ts');
  return signedFetch(target, url, init);
}

/** @throws OperationError `not-found` where the target has no API */
export function apiUrlOf(target: Target): string {
  if (target.apiUrl === undefined) {
    throw new OperationError('not-found', `the API of ${target.environment} is not known`, 'pass --api-url');
  }
  return target.apiUrl;
}

/** The error that an answer other than 200 stands for. */
export function apiRefusal(answer: ApiAnswer): OperationError {
  const said = answer.body['error'] ?? answer.body['message'];
  const message = `the API answered ${answer.status}${typeof said === 'string' ? `: ${said}` : ''}`;
  if (answer.status === 404) {
    return new OperationError('not-found', message, 'check the id and --env');
  }
  if (answer.status === 429 || answer.status === 503) {
    return new OperationError('throttled', message, 'wait a moment, then repeat the command');
  }
  if (answer.status === 401 || answer.status === 403) {
    return said === 'Missing Authentication Token'
      ? new OperationError(
          'not-found',
          message,
          'check that --api-url ends in the stage, such as /dev; an API with AWS_IAM authorization needs --sign',
        )
      : new OperationError('credentials', message, 'pass --api-key, or ask for access to this API');
  }
  return answer.status >= 500
    ? new OperationError('service', message, 'see dofs status, and dofs logs with the order id')
    : new OperationError('refused', message, 'change the request');
}

function unreachable(url: string, error: unknown, timedOut: boolean): unknown {
  if (error instanceof OperationError) {
    return error;
  }
  if (timedOut) {
    const seconds = REQUEST_TIMEOUT_MS / 1000;
    return new OperationError('timeout', `${url} did not answer in ${seconds} s`, 'see dofs status', error);
  }
  const code = networkCode(error);
  if (code !== undefined || (error instanceof TypeError && error.message === 'fetch failed')) {
    return new OperationError(
      'unreachable',
      `${url} can't be reached${code === undefined ? '' : ` (${code})`}`,
      'start the system (npm start), or check --api-url',
      error,
    );
  }
  return error;
}

/** Whatever answers at the URL may send something else than JSON, a proxy's page for one. */
function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
