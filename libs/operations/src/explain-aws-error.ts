import { OperationError, type OperationErrorKind } from './operation-error.ts';

interface Explanation {
  readonly kind: OperationErrorKind;
  readonly message: string;
  readonly hint: string;
}

const LOG_IN_AGAIN = 'log in again (aws sso login, or new keys), then repeat the command';
const CHECK_TARGET = 'check --env and --project, the region, and that this environment is deployed';

/** Error names of the AWS SDK for JavaScript and of the services, and what they mean to an operator. */
const BY_NAME: Readonly<Record<string, Omit<Explanation, 'message'>>> = {
  CredentialsProviderError: {
    kind: 'credentials',
    hint: 'set AWS_PROFILE to a profile that exists (aws configure list-profiles), or run aws configure',
  },
  ExpiredTokenException: { kind: 'credentials', hint: LOG_IN_AGAIN },
  ExpiredToken: { kind: 'credentials', hint: LOG_IN_AGAIN },
  TokenProviderError: { kind: 'credentials', hint: LOG_IN_AGAIN },
  UnrecognizedClientException: { kind: 'credentials', hint: 'these keys are not valid: check AWS_PROFILE' },
  InvalidClientTokenId: { kind: 'credentials', hint: 'these keys are not valid: check AWS_PROFILE' },
  InvalidSignatureException: { kind: 'credentials', hint: 'check the secret key and this clock' },
  AccessDeniedException: { kind: 'credentials', hint: 'use a profile whose policies allow this call' },
  AccessDenied: { kind: 'credentials', hint: 'use a profile whose policies allow this call' },
  ResourceNotFoundException: { kind: 'not-found', hint: CHECK_TARGET },
  QueueDoesNotExist: { kind: 'not-found', hint: CHECK_TARGET },
  'AWS.SimpleQueueService.NonExistentQueue': { kind: 'not-found', hint: CHECK_TARGET },
  ExecutionDoesNotExist: { kind: 'not-found', hint: CHECK_TARGET },
  StateMachineDoesNotExist: { kind: 'not-found', hint: CHECK_TARGET },
  ThrottlingException: { kind: 'throttled', hint: 'wait a moment, then repeat the command' },
  TooManyRequestsException: { kind: 'throttled', hint: 'wait a moment, then repeat the command' },
  ProvisionedThroughputExceededException: {
    kind: 'throttled',
    hint: 'wait a moment, then repeat the command',
  },
  RequestThrottled: { kind: 'throttled', hint: 'wait a moment, then repeat the command' },
};

const NETWORK_CODES = new Set([
  'ENETUNREACH',
  'EPIPE',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** Nothing that speaks TLS answers, or something whose certificate this machine does not trust. */
const TLS_CODE =
  /^(EPROTO|ERR_(SSL|TLS)_\w+|CERT_\w+|(DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|UNABLE_TO_(VERIFY|GET)_\w+)$/;

/**
 * Turns what the AWS SDK threw into an error for people.
 * @param error whatever was thrown
 * @param endpoint the AWS endpoint in use, absent for AWS itself
 * @returns the error to show; one that no rule knows is returned as it came
 */
export function explainAwsError(error: unknown, endpoint: string | undefined): unknown {
  if (error instanceof OperationError || !(error instanceof Error)) {
    return error;
  }
  const network = networkCode(error);
  if (network !== undefined && TLS_CODE.test(network)) {
    return notAws(endpoint ?? 'AWS', network, error);
  }
  if (network !== undefined) {
    return new OperationError(
      'unreachable',
      `${endpoint ?? 'AWS'} can't be reached (${network})`,
      endpoint === undefined
        ? 'check the network and the region'
        : 'start it (npm start), or set AWS_ENDPOINT_URL',
      error,
    );
  }
  if (isTimeout(error)) {
    return new OperationError(
      'timeout',
      `${endpoint ?? 'AWS'} did not answer in time`,
      'check the network and AWS_ENDPOINT_URL, then repeat the command',
      error,
    );
  }
  if (isForeignAnswer(error)) {
    return notAws(endpoint ?? 'AWS', 'its answer is none of an AWS service', error);
  }
  if (error.message.includes('Region is missing')) {
    return new OperationError(
      'credentials',
      'no AWS region is set',
      'pass --region or set AWS_REGION',
      error,
    );
  }
  const known = BY_NAME[error.name];
  if (known !== undefined) {
    return new OperationError(known.kind, oneLine(error), known.hint, error);
  }
  return isServiceException(error)
    ? new OperationError('service', oneLine(error), 'repeat the command; dofs status shows the health', error)
    : error;
}

/** The error for an address where something else than AWS answers. */
export function notAws(endpoint: string, why: string, cause: unknown): OperationError {
  return new OperationError(
    'unreachable',
    `${endpoint} does not speak AWS (${why})`,
    'check AWS_ENDPOINT_URL',
    cause,
  );
}

/** The SDK names a connection that could not be made, and an answer that did not come, alike. */
function isTimeout(error: Error): boolean {
  return error.name === 'TimeoutError';
}

/** HTML, for one: what the SDK's parsers throw then is an error of syntax. */
function isForeignAnswer(error: Error): boolean {
  return error instanceof SyntaxError || error.message.includes('Deserialization error');
}

/** The code of a connection that failed; Node wraps several attempts (IPv4, IPv6) into an AggregateError. */
export function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { code, cause } = error as Error & { code?: unknown };
  if (typeof code === 'string' && (NETWORK_CODES.has(code) || TLS_CODE.test(code))) {
    return code;
  }
  return cause === undefined ? undefined : networkCode(cause);
}

function isServiceException(error: Error): boolean {
  return '$metadata' in error;
}

function oneLine(error: Error): string {
  const text = error.message.replaceAll(/\s+/g, ' ').trim();
  return text === '' || text === error.name ? error.name : `${text} (${error.name})`;
}
