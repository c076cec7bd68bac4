import { unknownOperation } from '../dispatch.ts';
import type { FunctionRunner, InvokeResult } from '../engines.ts';
import { AwsError, type JsonObject, type Service, type ServiceCall } from '../service-call.ts';
import type { FunctionDescription, StackDescription } from '../stack-description.ts';

export interface LambdaServicePorts {
  readonly runner: FunctionRunner;
  /** Told of each try of an asynchronous invocation that could not be made, or failed, for nobody waits for it. */
  readonly onAsyncFailure: (functionName: string, error: unknown) => void;
}

/** The Lambda API over the functions that run here. A Payload is JSON text, in and out. */
export function createLambdaService(
  { functions, accountId, region }: Pick<StackDescription, 'functions' | 'accountId' | 'region'>,
  ports: LambdaServicePorts,
): Service {
  const arnOf = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const find = (input: JsonObject): FunctionDescription => {
    const name = functionName(input['FunctionName']);
    const found = functions.find((candidate) => candidate.name === name);
    if (found === undefined) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arnOf(name)}`, 404, {
        Type: 'User',
      });
    }
    return found;
  };
  return {
    name: 'lambda',
    async call(call) {
      switch (call.operation) {
        case 'Invoke':
          return invoke(find(call.input), call, ports);
        case 'ListFunctions':
          return listFunctions(functions, call.input);
        case 'GetFunction':
          return {
            Configuration: configuration(find(call.input)),
            Code: { RepositoryType: 'local' },
            Tags: {},
          };
        case 'GetFunctionConfiguration':
          return configuration(find(call.input));
        default:
          throw unknownOperation('lambda', call.operation);
      }
    },
    resourceArns: ({ input }) =>
      input['FunctionName'] === undefined ? ['*'] : [arnOf(functionName(input['FunctionName']))],
  };
}

/** From a name, `name:version`, or an ARN with or without a version. */
function functionName(value: unknown): string {
  const text = String(value);
  return /(?:^|:)function:([^:]+)/.exec(text)?.[1] ?? text.split(':')[0] ?? text;
}

async function invoke(
  { name, arn }: FunctionDescription,
  { input }: ServiceCall,
  { runner, onAsyncFailure }: LambdaServicePorts,
): Promise<JsonObject> {
  const payload = payloadOf(input['Payload']);
  const type = oneOf(input, 'InvocationType', ['RequestResponse', 'Event', 'DryRun']);
  const isTailWanted = oneOf(input, 'LogType', ['None', 'Tail']) === 'Tail';
  switch (type) {
    case 'DryRun':
      return { StatusCode: 204, ExecutedVersion: '$LATEST' };
    case 'Event':
      void invokeLater(
        () => runner.invoke(arn, payload),
        (error) => onAsyncFailure(name, error),
      );
      return { StatusCode: 202, ExecutedVersion: '$LATEST' };
    default: {
      const { payload: answer, functionError, logTail } = await runner.invoke(arn, payload);
      return {
        StatusCode: 200,
        Payload: answer,
        ExecutedVersion: '$LATEST',
        ...(functionError === undefined ? {} : { FunctionError: functionError }),
        ...(isTailWanted && logTail !== undefined
          ? { LogResult: Buffer.from(logTail).toString('base64') }
          : {}),
      };
    }
  }
}

/** The first value is the default. */
function oneOf(input: JsonObject, name: string, values: readonly string[]): string | undefined {
  const value = input[name] ?? values[0];
  if (typeof value !== 'string' || !values.includes(value)) {
    throw new AwsError(
      'InvalidParameterValueException',
      `${JSON.stringify(value)} is no ${name}: it is one of ${values.join(', ')}`,
    );
  }
  return value;
}

/** How long Lambda waits before it tries an asynchronous invocation that failed again, in milliseconds. */
const RETRY_WAITS_MS = [60_000, 120_000];

/**
 * Tries an asynchronous invocation up to three times, as Lambda does. A retry that is due is forgotten when the
 * process ends.
 */
async function invokeLater(invokeOnce: () => Promise<InvokeResult>, onFailure: (error: unknown) => void) {
  for (const waitMs of [...RETRY_WAITS_MS, undefined]) {
    try {
      const { functionError, payload } = await invokeOnce();
      if (functionError === undefined) {
        return;
      }
      onFailure(new Error(payload));
    } catch (error) {
      onFailure(error);
    }
    if (waitMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    }
  }
}

/** An empty payload is an empty object, as the Lambda console and the runtime have it. */
function payloadOf(value: unknown): string {
  const text = typeof value === 'string' && value !== '' ? value : '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
  return text;
}

const PAGE = 50;

function listFunctions(functions: readonly FunctionDescription[], input: JsonObject): JsonObject {
  const { Marker: marker = '', MaxItems: limit = PAGE } = input;
  const sorted = [...functions]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => name > String(marker));
  const page = sorted.slice(0, Number(limit));
  return {
    Functions: page.map(configuration),
    ...(page.length < sorted.length ? { NextMarker: page.at(-1)?.name } : {}),
  };
}

function configuration(description: FunctionDescription): JsonObject {
  return {
    FunctionName: description.name,
    FunctionArn: description.arn,
    Runtime: description.runtime,
    Role: description.roleArn,
    Handler: description.handler,
    Timeout: description.timeoutSeconds,
    MemorySize: description.memorySizeMb,
    Version: '$LATEST',
    PackageType: 'Zip',
    Architectures: [description.architecture],
    Environment: { Variables: description.environment },
    LoggingConfig: { LogFormat: 'Text', LogGroup: description.logGroupName },
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}
