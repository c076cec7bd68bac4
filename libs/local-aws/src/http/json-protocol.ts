import { AwsError, type JsonObject, type ServiceName } from '../service-call.ts';
import { parsedJson, type HttpAnswer, type HttpRequest, type ParsedRequest } from './protocol.ts';

interface Target {
  readonly service: ServiceName;
  /** Goes before an error's code in `__type`. */
  readonly errorNamespace: string;
}

/** AWS's JSON protocols name the operation in a header: `X-Amz-Target: DynamoDB_20120810.GetItem`. */
const TARGETS: Readonly<Record<string, Target>> = {
  DynamoDB_20120810: { service: 'dynamodb', errorNamespace: 'com.amazonaws.dynamodb.v20120810#' },
  AmazonSQS: { service: 'sqs', errorNamespace: 'com.amazonaws.sqs#' },
  AWSStepFunctions: { service: 'states', errorNamespace: '' },
  Logs_20140328: { service: 'logs', errorNamespace: '' },
  GraniteServiceVersion20100801: { service: 'cloudwatch', errorNamespace: '' },
};

/** SQS errors that older clients know by another name, sent beside the new one. */
const QUERY_ERRORS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  ...Object.fromEntries(
    [
      'BatchEntryIdsNotDistinct',
      'BatchRequestTooLong',
      'EmptyBatchRequest',
      'InvalidBatchEntryId',
      'MessageNotInflight',
      'PurgeQueueInProgress',
      'TooManyEntriesInBatchRequest',
      'UnsupportedOperation',
    ].map((code) => [code, `AWS.SimpleQueueService.${code}`]),
  ),
};

/** @returns undefined if the request is not in this protocol */
export function parseJsonProtocol(request: HttpRequest): ParsedRequest | undefined {
  const header = request.headers['x-amz-target'];
  if (typeof header !== 'string') {
    return undefined;
  }
  const [prefix = '', operation = ''] = header.split('.');
  const target = TARGETS[prefix];
  if (target === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `${header} is not an operation of the local AWS endpoint`,
    );
  }
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  return {
    service: target.service,
    operation,
    input: parsedJson(request.body),
    success: (output, requestId) => answer(200, contentType, requestId, output),
    failure: (error, requestId) => failure(target, contentType, error, requestId),
  };
}

function failure(target: Target, contentType: string, error: AwsError, requestId: string): HttpAnswer {
  const body = { __type: `${target.errorNamespace}${error.code}`, message: error.message, ...error.members };
  const fault = error.statusCode < 500 ? 'Sender' : 'Receiver';
  const legacy: Record<string, string> =
    target.service === 'sqs'
      ? { 'x-amzn-query-error': `${QUERY_ERRORS[error.code] ?? error.code};${fault}` }
      : {};
  return answer(error.statusCode, contentType, requestId, body, legacy);
}

function answer(
  statusCode: number,
  contentType: string,
  requestId: string,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, ...headers },
    body: JSON.stringify(body),
  };
}
