import { join } from 'node:path';
import type { Credentials } from '../engines.ts';
import type { FunctionDescription } from '../stack-description.ts';

export interface VariableSettings {
  readonly region: string;
  /** The local AWS endpoint, `http://127.0.0.1:4566`. */
  readonly endpointUrl: string;
  readonly credentials: Credentials;
  readonly taskRoot: string;
  readonly logStreamName: string;
}

/** All that a function finds in `process.env`: what Lambda sets, then the function's own variables. */
export function functionVariables(
  fn: FunctionDescription,
  settings: VariableSettings,
): Readonly<Record<string, string>> {
  return {
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memorySizeMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: settings.logStreamName,
    AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: settings.credentials.sessionToken,
    AWS_ENDPOINT_URL: settings.endpointUrl,
    // There are none: the settings of whoever runs this machine must not reach a function.
    AWS_CONFIG_FILE: join(settings.taskRoot, '.aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(settings.taskRoot, '.aws', 'credentials'),
    LAMBDA_TASK_ROOT: settings.taskRoot,
    _HANDLER: fn.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...fn.environment,
  };
}
