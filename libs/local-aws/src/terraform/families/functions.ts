import { join } from 'node:path';
import type {
  EventSourceMappingDescription,
  FunctionDescription,
  FunctionPermission,
} from '../../stack-description.ts';
import {
  optionalBlock,
  optionalFlag,
  optionalNumber,
  optionalText,
  text,
  textMap,
  texts,
  type Resource,
  type ResourceTypes,
  type StackContext,
} from '../resource.ts';
import { StackError } from '../stack-error.ts';
import { localUuid, regionalArn } from './names.ts';

/** Lambda's default timeout, in seconds, and memory, in MB. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;
/** SQS event sources: Lambda's default batch size, in records. */
const DEFAULT_BATCH_SIZE = 10;

const functionArn = (fn: Resource, context: StackContext) =>
  regionalArn(context, 'lambda', `function:${text(fn, 'function_name')}`);

export const functionTypes: ResourceTypes = {
  aws_lambda_function: {
    args: {
      function_name: 'honoured',
      role: 'honoured',
      runtime: 'honoured',
      handler: 'honoured',
      filename: 'honoured',
      s3_bucket: 'honoured',
      s3_key: 'honoured',
      package_type: ['Zip'],
      timeout: 'honoured',
      memory_size: 'honoured',
      reserved_concurrent_executions: 'honoured',
      environment: { variables: 'honoured' },
      logging_config: { log_group: 'honoured', log_format: ['Text'] },
      // JavaScript runs alike on both; a native addon for the other architecture fails to load, loudly.
      architectures: 'harmless',
      // Says when Terraform uploads the code; here it is read at every start.
      source_code_hash: 'harmless',
      publish: [false],
      tracing_config: { mode: ['PassThrough'] },
      description: 'harmless',
      skip_destroy: 'harmless',
      tags: 'harmless',
    },
    computed: {
      arn: functionArn,
      id: (fn) => text(fn, 'function_name'),
      qualified_arn: (fn, context) => `${functionArn(fn, context)}:$LATEST`,
      version: () => '$LATEST',
      invoke_arn: (fn, context) => invokeArn(context, functionArn(fn, context)),
    },
  },
  aws_lambda_permission: {
    args: {
      action: 'honoured',
      function_name: 'honoured',
      principal: 'honoured',
      source_arn: 'honoured',
      source_account: 'harmless',
      statement_id: 'harmless',
      statement_id_prefix: 'harmless',
    },
    computed: { id: (permission) => optionalText(permission, 'statement_id') ?? permission.name },
  },
  aws_lambda_event_source_mapping: {
    args: {
      event_source_arn: 'honoured',
      function_name: 'honoured',
      batch_size: 'honoured',
      maximum_batching_window_in_seconds: 'honoured',
      function_response_types: 'honoured',
      enabled: 'honoured',
      scaling_config: { maximum_concurrency: 'honoured' },
      tags: 'harmless',
    },
    computed: {
      id: (mapping) => localUuid(mapping),
      uuid: (mapping) => localUuid(mapping),
      arn: (mapping, context) => regionalArn(context, 'lambda', `event-source-mapping:${localUuid(mapping)}`),
    },
  },
};

/** What API Gateway integrations name a function by. */
export function invokeArn(context: StackContext, arn: string): string {
  return `arn:${context.partition}:apigateway:${context.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

export function describeFunctions(context: StackContext): FunctionDescription[] {
  return context.resources('aws_lambda_function').map((fn) => {
    const name = text(fn, 'function_name');
    const reserved = optionalNumber(fn, 'reserved_concurrent_executions');
    const environment = optionalBlock(fn, 'environment');
    const logging = optionalBlock(fn, 'logging_config');
    return {
      name,
      arn: functionArn(fn, context),
      roleArn: text(fn, 'role'),
      runtime: text(fn, 'runtime'),
      handler: text(fn, 'handler'),
      code: codeOf(fn, context),
      timeoutSeconds: optionalNumber(fn, 'timeout') ?? DEFAULT_TIMEOUT_SECONDS,
      memorySizeMb: optionalNumber(fn, 'memory_size') ?? DEFAULT_MEMORY_MB,
      // -1 is Terraform's way to say that nothing is reserved.
      ...(reserved === undefined || reserved < 0 ? {} : { reservedConcurrency: reserved }),
      environment: environment === undefined ? {} : textMap(environment, 'variables'),
      logGroupName: (logging && optionalText(logging, 'log_group')) ?? `/aws/lambda/${name}`,
      architecture: texts(fn, 'architectures')[0] ?? 'x86_64',
    };
  });
}

/** The bundle: an asset beside the stack or, where the stack uploads it to S3, the object's source. */
function codeOf(fn: Resource, context: StackContext): string {
  const filename = optionalText(fn, 'filename');
  if (filename !== undefined) {
    return join(context.stackDir, filename);
  }
  const key = optionalText(fn, 's3_key');
  const object = context
    .resources('aws_s3_object')
    .find((entry) => key !== undefined && text(entry, 'key') === key);
  if (object === undefined) {
    throw new StackError(`${fn.address}.filename`, 'the code must be a file beside the stack');
  }
  return join(context.stackDir, text(object, 'source'));
}

export function describePermissions(context: StackContext): FunctionPermission[] {
  return context.resources('aws_lambda_permission').map((permission) => {
    const sourceArn = optionalText(permission, 'source_arn');
    return {
      functionName: functionNameOf(text(permission, 'function_name')),
      action: text(permission, 'action'),
      principal: text(permission, 'principal'),
      ...(sourceArn === undefined ? {} : { sourceArn }),
    };
  });
}

/** Names, ARNs and partial ARNs all name a function. */
function functionNameOf(nameOrArn: string): string {
  const [, name] = /:function:([^:]+)/.exec(nameOrArn) ?? [];
  return name ?? nameOrArn;
}

export function describeEventSourceMappings(context: StackContext): EventSourceMappingDescription[] {
  return context.resources('aws_lambda_event_source_mapping').map((mapping) => {
    const scaling = optionalBlock(mapping, 'scaling_config');
    const maximumConcurrency = scaling && optionalNumber(scaling, 'maximum_concurrency');
    const queueArn = text(mapping, 'event_source_arn');
    if (queueArn.split(':')[2] !== 'sqs') {
      throw new StackError(
        `${mapping.address}.event_source_arn`,
        `only queues can be event sources, not ${queueArn}`,
      );
    }
    const named = functionNameOf(text(mapping, 'function_name'));
    return {
      id: localUuid(mapping),
      queueArn,
      functionArn: regionalArn(context, 'lambda', `function:${named}`),
      batchSize: optionalNumber(mapping, 'batch_size') ?? DEFAULT_BATCH_SIZE,
      maximumBatchingWindowSeconds: optionalNumber(mapping, 'maximum_batching_window_in_seconds') ?? 0,
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
      reportBatchItemFailures: texts(mapping, 'function_response_types').includes('ReportBatchItemFailures'),
      enabled: optionalFlag(mapping, 'enabled') ?? true,
    };
  });
}
