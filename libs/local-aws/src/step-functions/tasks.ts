import { AwsError, type Dispatch, type JsonObject, type Principal } from '../service-call.ts';
import { LAMBDA_INVOKE, SQS_SEND_MESSAGE } from './definition.ts';
import { StateError } from './state-runner.ts';

/** One attempt of a task, as the state machine's role. @throws StateError by the names that AWS gives */
export type RunTask = (resource: string, input: unknown, principal: Principal) => Promise<unknown>;

export function createTasks(dispatch: Dispatch): RunTask {
  return (resource, input, principal) => {
    const parameters = (input ?? {}) as JsonObject;
    switch (resource) {
      case LAMBDA_INVOKE:
        return invokeFunction(dispatch, parameters, principal);
      case SQS_SEND_MESSAGE:
        return sendMessage(dispatch, parameters, principal);
      default:
        return Promise.reject(
          new StateError('States.Runtime', `The resource ${resource} is not known here`, true),
        );
    }
  };
}

async function invokeFunction(
  dispatch: Dispatch,
  parameters: JsonObject,
  principal: Principal,
): Promise<unknown> {
  const { Payload, ...rest } = parameters;
  const answer = await calling('Lambda', lambdaErrorName, () =>
    dispatch({
      service: 'lambda',
      operation: 'Invoke',
      input: { ...rest, Payload: JSON.stringify(Payload ?? {}) },
      principal,
    }),
  );
  const payload = answer['Payload'];
  if (answer['FunctionError'] !== undefined) {
    throw functionError(String(payload));
  }
  return {
    ExecutedVersion: answer['ExecutedVersion'],
    Payload: typeof payload === 'string' && payload !== '' ? (JSON.parse(payload) as unknown) : null,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    StatusCode: answer['StatusCode'],
  };
}

/** A handler's error goes by the name of its class; what has none (a dead runtime) is Lambda.Unknown. */
function functionError(payload: string): StateError {
  const { errorType } = JSON.parse(payload) as { readonly errorType?: string };
  return new StateError(errorType ?? 'Lambda.Unknown', payload);
}

async function sendMessage(
  dispatch: Dispatch,
  parameters: JsonObject,
  principal: Principal,
): Promise<unknown> {
  const { MessageBody } = parameters;
  const answer = await calling('SQS', sqsErrorName, () =>
    dispatch({
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        ...parameters,
        MessageBody: typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody),
      },
      principal,
    }),
  );
  return { ...answer, SdkHttpMetadata: { HttpStatusCode: 200 } };
}

/**
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: service errors carry the
 * service's name before their own.
 */
async function calling(
  service: string,
  nameOf: (error: AwsError) => string,
  call: () => Promise<JsonObject>,
): Promise<JsonObject> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof AwsError) {
      throw new StateError(
        nameOf(error),
        `${error.message} (Service: ${service}, Status Code: ${error.statusCode}, Request ID: local)`,
      );
    }
    // A defect of a local engine looks like one of the service, so that retries have their chance.
    const cause = error instanceof Error ? error.message : String(error);
    throw new StateError(service === 'SQS' ? 'SQS.SqsException' : 'Lambda.ServiceException', cause);
  }
}

/** The errors of the Lambda API's model; what isn't in it goes by the SDK's base class. */
const LAMBDA_ERRORS = new Set([
  'InvalidParameterValueException',
  'InvalidRequestContentException',
  'RequestTooLargeException',
  'ResourceConflictException',
  'ResourceNotFoundException',
  'ResourceNotReadyException',
  'ServiceException',
  'TooManyRequestsException',
]);

function lambdaErrorName({ code, statusCode }: AwsError): string {
  if (LAMBDA_ERRORS.has(code)) {
    return `Lambda.${code}`;
  }
  return statusCode >= 500 ? 'Lambda.ServiceException' : 'Lambda.AWSLambdaException';
}

/** The errors of the SQS API's model, with the ending that the Java SDK, which Step Functions uses, gives them. */
const SQS_ERRORS = new Set([
  'InvalidMessageContents',
  'QueueDoesNotExist',
  'RequestThrottled',
  'UnsupportedOperation',
]);

function sqsErrorName({ code }: AwsError): string {
  return SQS_ERRORS.has(code) ? `SQS.${code}Exception` : 'SQS.SqsException';
}
