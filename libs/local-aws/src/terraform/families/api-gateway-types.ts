import { apiPlaceholder } from '../endpoints.ts';
import { optionalText, text, type Resource, type ResourceTypes, type StackContext } from '../resource.ts';
import { localId, regionalArn } from './names.ts';

/** Length of an API Gateway id, in characters. */
const ID_LENGTH = 10;
const apiId = (resource: Resource) => localId(resource, ID_LENGTH);

export const executionArn = (api: Resource, context: StackContext) =>
  regionalArn(context, 'execute-api', apiId(api));

/** The value that a key gets where the stack leaves it to AWS. */
export const apiKeyValue = (key: Resource) => optionalText(key, 'value') ?? localId(key, 32);

/** `/order/{order_id}`: the path of a resource, from those of its parents. */
export function resourcePath(resource: Resource, context: StackContext): string {
  const parentId = text(resource, 'parent_id');
  const parent = context.resources('aws_api_gateway_resource').find((entry) => apiId(entry) === parentId);
  return `${parent === undefined ? '' : resourcePath(parent, context)}/${text(resource, 'path_part')}`;
}

/** The id of an API's `/`. */
export const rootResourceId = (api: Resource) => `r${apiId(api).slice(1)}`;

const apiOf = (of: Resource, context: StackContext) =>
  context.resources('aws_api_gateway_rest_api').find((api) => apiId(api) === text(of, 'rest_api_id'));
const stageArn = (stage: Resource, context: StackContext) =>
  `arn:${context.partition}:apigateway:${context.region}::/restapis/${text(stage, 'rest_api_id')}/stages/${text(stage, 'stage_name')}`;

/** Of the template language, `$context` variables alone are filled in here. */
const PLAIN_TEMPLATE = /^(?!.*(?:#(?:if|set|foreach|else|end)\b|\$(?:input|util|stageVariables)\b))/s;

export const apiGatewayTypes: ResourceTypes = {
  aws_api_gateway_rest_api: {
    args: {
      name: 'honoured',
      endpoint_configuration: { types: [['REGIONAL'], ['EDGE']], ip_address_type: 'harmless' },
      description: 'harmless',
      disable_execute_api_endpoint: [false],
      tags: 'harmless',
    },
    computed: {
      id: apiId,
      arn: (api, context) => `arn:${context.partition}:apigateway:${context.region}::/restapis/${apiId(api)}`,
      execution_arn: executionArn,
      root_resource_id: rootResourceId,
      created_date: () => '2024-01-01T00:00:00Z',
    },
  },
  aws_api_gateway_resource: {
    args: { rest_api_id: 'honoured', parent_id: 'honoured', path_part: 'honoured' },
    computed: { id: apiId, path: resourcePath },
  },
  aws_api_gateway_method: {
    args: {
      rest_api_id: 'honoured',
      resource_id: 'honoured',
      http_method: 'honoured',
      authorization: ['NONE', 'AWS_IAM'],
      api_key_required: 'honoured',
      request_models: 'honoured',
      request_parameters: 'honoured',
      request_validator_id: 'honoured',
      operation_name: 'harmless',
    },
    computed: { id: apiId },
  },
  aws_api_gateway_request_validator: {
    args: {
      rest_api_id: 'honoured',
      name: 'harmless',
      validate_request_body: 'honoured',
      validate_request_parameters: 'honoured',
    },
    computed: { id: apiId },
  },
  aws_api_gateway_model: {
    args: {
      rest_api_id: 'honoured',
      name: 'honoured',
      content_type: 'harmless',
      schema: 'honoured',
      description: 'harmless',
    },
    computed: { id: apiId },
  },
  aws_api_gateway_integration: {
    args: {
      rest_api_id: 'honoured',
      resource_id: 'honoured',
      http_method: 'honoured',
      type: ['AWS_PROXY', 'MOCK'],
      integration_http_method: 'honoured',
      uri: 'honoured',
      timeout_milliseconds: 'honoured',
      request_templates: 'honoured',
      passthrough_behavior: 'harmless',
    },
    computed: { id: apiId },
  },
  aws_api_gateway_method_response: {
    args: {
      rest_api_id: 'honoured',
      resource_id: 'honoured',
      http_method: 'honoured',
      status_code: 'honoured',
      // Models of answers only describe them.
      response_models: 'harmless',
      response_parameters: 'honoured',
    },
    computed: { id: apiId },
  },
  aws_api_gateway_integration_response: {
    args: {
      rest_api_id: 'honoured',
      resource_id: 'honoured',
      http_method: 'honoured',
      status_code: 'honoured',
      response_parameters: 'honoured',
      response_templates: { 'application/json': PLAIN_TEMPLATE },
    },
    computed: { id: apiId },
  },
  aws_api_gateway_gateway_response: {
    args: {
      rest_api_id: 'honoured',
      response_type: 'honoured',
      status_code: 'honoured',
      response_parameters: 'honoured',
      response_templates: { 'application/json': PLAIN_TEMPLATE },
    },
    computed: { id: apiId },
  },
  aws_api_gateway_deployment: {
    args: { rest_api_id: 'honoured', triggers: 'harmless', description: 'harmless', variables: 'harmless' },
    computed: {
      id: apiId,
      execution_arn: (deployment, context) => {
        const api = apiOf(deployment, context);
        return api === undefined ? undefined : `${executionArn(api, context)}/`;
      },
      created_date: () => '2024-01-01T00:00:00Z',
    },
  },
  aws_api_gateway_stage: {
    args: {
      rest_api_id: 'honoured',
      deployment_id: 'honoured',
      stage_name: 'honoured',
      access_log_settings: { destination_arn: 'honoured', format: 'honoured' },
      xray_tracing_enabled: [false],
      cache_cluster_enabled: [false],
      description: 'harmless',
      tags: 'harmless',
    },
    computed: {
      id: (stage) => `ags-${text(stage, 'rest_api_id')}-${text(stage, 'stage_name')}`,
      arn: stageArn,
      invoke_url: (stage) => `${apiPlaceholder}/${text(stage, 'stage_name')}`,
      execution_arn: (stage, context) => {
        const api = apiOf(stage, context);
        return api === undefined ? undefined : `${executionArn(api, context)}/${text(stage, 'stage_name')}`;
      },
    },
  },
  aws_api_gateway_method_settings: {
    args: {
      rest_api_id: 'honoured',
      stage_name: 'honoured',
      method_path: ['*/*'],
      settings: {
        throttling_rate_limit: 'honoured',
        throttling_burst_limit: 'honoured',
        metrics_enabled: [false],
        logging_level: ['OFF'],
        data_trace_enabled: [false],
        caching_enabled: [false],
      },
    },
    computed: { id: apiId },
  },
  // Lets the account's APIs write logs; here the access log needs no role.
  aws_api_gateway_account: {
    args: { cloudwatch_role_arn: 'harmless' },
    computed: { id: () => 'api-gateway-account' },
  },
  aws_api_gateway_api_key: {
    args: {
      name: 'honoured',
      value: 'honoured',
      enabled: 'honoured',
      description: 'harmless',
      tags: 'harmless',
    },
    computed: {
      id: apiId,
      value: apiKeyValue,
      arn: (key, context) => regionalArn(context, 'apigateway', `/apikeys/${apiId(key)}`),
    },
  },
  aws_api_gateway_usage_plan: {
    args: {
      name: 'honoured',
      api_stages: { api_id: 'honoured', stage: 'honoured' },
      description: 'harmless',
      tags: 'harmless',
    },
    computed: {
      id: apiId,
      arn: (plan, context) => regionalArn(context, 'apigateway', `/usageplans/${apiId(plan)}`),
    },
  },
  aws_api_gateway_usage_plan_key: {
    args: { key_id: 'honoured', key_type: ['API_KEY'], usage_plan_id: 'honoured' },
    computed: { id: apiId },
  },
};

/** An API Gateway resource's own id. */
export const idOf = apiId;
