import { unknownOperation } from '../dispatch.ts';
import type { FunctionRunner } from '../engines.ts';
import { AwsError, type JsonObject, type Service, type ServiceCall } from '../service-call.ts';
import type { FunctionDescription, StackDescription } from '../stack-description.ts';

export interface LambdaServicePorts {
  readonly runner: FunctionRunner;
  /** Told of an asynchronous invocation that could not be made, or failed, for nobody waits for it. */
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
  switch (input['InvocationType'] ?? 'RequestResponse') {
    case 'DryRun':
      return { StatusCode: 204, ExecutedVersion: '$LATEST' };
    case 'Event':
      runner.invoke(arn, payload).then(
        ({ functionError, payload: answer }) => {
          if (functionError !== undefined) {
            onAsyncFailure(name, new Error(answer));
          }
        },
        (error: unknown) => onAsyncFailure(name, error),
      );
      return { StatusCode: 202, ExecutedVersion: '$LATEST' };
    default: {
      const { payload: answer, functionError } = await runner.invoke(arn, payload);
      return {
        StatusCode: 200,
        Payload: answer,
        ExecutedVersion: '$LATEST',
        ...(functionError === undefined ? {} : { FunctionError: functionError }),
      };
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
