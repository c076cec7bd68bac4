import type { ApiDescription, ApiMethod, GatewayResponse } from '../../stack-description.ts';
import {
  nestedBlocks,
  optionalBlock,
  optionalFlag,
  optionalNumber,
  optionalText,
  text,
  textMap,
  type Resource,
  type StackContext,
} from '../resource.ts';
import { StackError } from '../stack-error.ts';
import { apiKeyValue, executionArn, idOf, resourcePath, rootResourceId } from './api-gateway-types.ts';
import { logGroupNameOf } from './step-functions.ts';

/** API Gateway's own default and longest wait for an integration, in milliseconds. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** Every stage of every REST API. */
export function describeApis(context: StackContext): ApiDescription[] {
  return context.resources('aws_api_gateway_stage').map((stage) => describeStage(stage, context));
}

function describeStage(stage: Resource, context: StackContext): ApiDescription {
  const id = text(stage, 'rest_api_id');
  const api = context.resources('aws_api_gateway_rest_api').find((entry) => idOf(entry) === id);
  if (api === undefined) {
    throw new StackError(`${stage.address}.rest_api_id`, `there is no REST API ${id}`);
  }
  const ofApi = (type: string) =>
    context.resources(type).filter((entry) => text(entry, 'rest_api_id') === id);
  return {
    id,
    name: text(api, 'name'),
    executionArn: executionArn(api, context),
    stageName: text(stage, 'stage_name'),
    methods: ofApi('aws_api_gateway_method').map((method) => describeMethod(method, api, context)),
    gatewayResponses: ofApi('aws_api_gateway_gateway_response').map(describeGatewayResponse),
    ...accessLog(stage),
    ...throttling(stage, context),
    apiKeys: apiKeys(stage, context),
  };
}

function describeMethod(method: Resource, api: Resource, context: StackContext): ApiMethod {
  const resourceId = text(method, 'resource_id');
  const resource = context.resources('aws_api_gateway_resource').find((entry) => idOf(entry) === resourceId);
  if (resource === undefined && resourceId !== rootResourceId(api)) {
    throw new StackError(`${method.address}.resource_id`, `there is no resource ${resourceId}`);
  }
  const validatorId = optionalText(method, 'request_validator_id');
  const validator = context
    .resources('aws_api_gateway_request_validator')
    .find((entry) => idOf(entry) === validatorId);
  const parameters = Object.entries(textMap(method, 'request_parameters'));
  return {
    resourcePath: resource === undefined ? '/' : resourcePath(resource, context),
    httpMethod: text(method, 'http_method'),
    authorization: text(method, 'authorization'),
    apiKeyRequired: optionalFlag(method, 'api_key_required') ?? false,
    requestModels: requestModels(method, api, context),
    validateBody: (validator && optionalFlag(validator, 'validate_request_body')) ?? false,
    validateParameters: (validator && optionalFlag(validator, 'validate_request_parameters')) ?? false,
    requestParameters: Object.fromEntries(parameters.map(([name, required]) => [name, required === 'true'])),
    integration: describeIntegration(method, context),
  };
}

function requestModels(method: Resource, api: Resource, context: StackContext): Record<string, unknown> {
  const models = context
    .resources('aws_api_gateway_model')
    .filter((model) => text(model, 'rest_api_id') === idOf(api));
  return Object.fromEntries(
    Object.entries(textMap(method, 'request_models')).map(([contentType, name]) => {
      const model = models.find((entry) => text(entry, 'name') === name);
      // Every REST API comes with these two, which accept anything.
      if (model === undefined && name !== 'Empty' && name !== 'Error') {
        throw new StackError(`${method.address}.request_models`, `there is no model ${name}`);
      }
      return [contentType, model === undefined ? {} : parseSchema(model)];
    }),
  );
}

function parseSchema(model: Resource): unknown {
  try {
    return JSON.parse(text(model, 'schema')) as unknown;
  } catch (error) {
    throw new StackError(`${model.address}.schema`, error instanceof Error ? error.message : String(error));
  }
}

/** Resources of one type that belong to a method: same API, resource and HTTP method. */
function partsOf(method: Resource, type: string, context: StackContext): Resource[] {
  const keys = ['rest_api_id', 'resource_id', 'http_method'];
  return context.resources(type).filter((part) => keys.every((key) => text(part, key) === text(method, key)));
}

function describeIntegration(method: Resource, context: StackContext): ApiMethod['integration'] {
  const [integration] = partsOf(method, 'aws_api_gateway_integration', context);
  if (integration === undefined) {
    throw new StackError(method.address, 'has no integration');
  }
  const type = text(integration, 'type');
  switch (type) {
    case 'AWS_PROXY':
      return {
        type,
        functionArn: integratedFunction(integration),
        timeoutMs: optionalNumber(integration, 'timeout_milliseconds') ?? INTEGRATION_TIMEOUT_MS,
      };
    case 'MOCK':
      return describeMock(method, integration, context);
    default:
      throw new StackError(`${integration.address}.type`, `${type} integrations are not supported`);
  }
}

function integratedFunction(integration: Resource): string {
  const uri = text(integration, 'uri');
  const [, arn] = /:lambda:path\/[\d-]+\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  if (arn === undefined) {
    throw new StackError(`${integration.address}.uri`, `names no function: ${uri}`);
  }
  return arn;
}

function describeMock(
  method: Resource,
  integration: Resource,
  context: StackContext,
): ApiMethod['integration'] {
  const statusCode = mockStatus(integration);
  const response = partsOf(method, 'aws_api_gateway_integration_response', context).find(
    (entry) => optionalNumber(entry, 'status_code') === statusCode,
  );
  if (response === undefined) {
    throw new StackError(integration.address, `no integration response has the status code ${statusCode}`);
  }
  const headers = Object.entries(textMap(response, 'response_parameters')).map(([name, value]) => {
    return [name.replace(/^method\.response\.header\./, ''), headerSource(value, response)] as const;
  });
  const body = textMap(response, 'response_templates')['application/json'];
  return {
    type: 'MOCK',
    statusCode,
    headers: Object.fromEntries(headers),
    ...(body === undefined || body === '' ? {} : { body }),
  };
}

/** A mock's request template is JSON with the status code that the mock answers. */
function mockStatus(integration: Resource): number {
  const template = textMap(integration, 'request_templates')['application/json'] ?? '';
  const [, status] = /"?statusCode"?\s*:\s*(\d{3})/.exec(template) ?? [];
  if (status === undefined) {
    throw new StackError(`${integration.address}.request_templates`, 'a mock must name a statusCode');
  }
  return Number(status);
}

/** What a mock's header carries: a static value in single quotes, or a `$context` variable without its dollar. */
function headerSource(value: string, of: Resource): string {
  if (!/^'.*'$|^context\.\w+(?:\.\w+)*$/s.test(value)) {
    throw new StackError(
      `${of.address}.response_parameters`,
      `only static values and context variables are supported, not ${value}`,
    );
  }
  return value;
}

function describeGatewayResponse(response: Resource): GatewayResponse {
  const statusCode = optionalNumber(response, 'status_code');
  return {
    responseType: text(response, 'response_type'),
    ...(statusCode === undefined ? {} : { statusCode }),
    responseParameters: textMap(response, 'response_parameters'),
    responseTemplates: textMap(response, 'response_templates'),
  };
}

function accessLog(stage: Resource): Pick<ApiDescription, 'accessLog'> {
  const settings = optionalBlock(stage, 'access_log_settings');
  return settings === undefined
    ? {}
    : {
        accessLog: {
          logGroupName: logGroupNameOf(text(settings, 'destination_arn')),
          format: text(settings, 'format'),
        },
      };
}

function throttling(stage: Resource, context: StackContext): Pick<ApiDescription, 'throttling'> {
  const settings = context
    .resources('aws_api_gateway_method_settings')
    .filter((entry) => ['rest_api_id', 'stage_name'].every((key) => text(entry, key) === text(stage, key)))
    .filter((entry) => text(entry, 'method_path') === '*/*')
    .flatMap((entry) => nestedBlocks(entry, 'settings'))[0];
  const rateLimit = settings && optionalNumber(settings, 'throttling_rate_limit');
  const burstLimit = settings && optionalNumber(settings, 'throttling_burst_limit');
  // -1 is Terraform's way to say that the stage has no limit of its own.
  return rateLimit === undefined || burstLimit === undefined || rateLimit < 0 || burstLimit < 0
    ? {}
    : { throttling: { rateLimit, burstLimit } };
}

/** Enabled keys whose usage plan has the stage. */
function apiKeys(stage: Resource, context: StackContext): string[] {
  const planIds = context
    .resources('aws_api_gateway_usage_plan')
    .filter((plan) =>
      nestedBlocks(plan, 'api_stages').some(
        (entry) =>
          text(entry, 'api_id') === text(stage, 'rest_api_id') &&
          text(entry, 'stage') === text(stage, 'stage_name'),
      ),
    )
    .map(idOf);
  const keyIds = context
    .resources('aws_api_gateway_usage_plan_key')
    .filter((entry) => planIds.includes(text(entry, 'usage_plan_id')))
    .map((entry) => text(entry, 'key_id'));
  return context
    .resources('aws_api_gateway_api_key')
    .filter((key) => keyIds.includes(idOf(key)) && (optionalFlag(key, 'enabled') ?? true))
    .map(apiKeyValue);
}
