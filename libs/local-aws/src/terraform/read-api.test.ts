import { expect, it } from 'vitest';
import { withEndpoints } from './endpoints.ts';
import { readSections } from './stack-fixture.ts';

const api = '${aws_api_gateway_rest_api.api.id}';
const place = { rest_api_id: api, resource_id: '${aws_api_gateway_resource.one.id}' };

const sections = {
  resource: {
    aws_lambda_function: {
      fn: {
        function_name: 'fn',
        role: 'arn:aws:iam::123456789012:role/r',
        runtime: 'nodejs22.x',
        handler: 'index.handler',
        filename: 'assets/fn/archive.zip',
        environment: { variables: { COUNT: 3 } },
        reserved_concurrent_executions: -1,
        tracing_config: { mode: 'Active' },
      },
    },
    aws_api_gateway_rest_api: { api: { name: 'shop' } },
    aws_api_gateway_resource: {
      all: {
        rest_api_id: api,
        parent_id: '${aws_api_gateway_rest_api.api.root_resource_id}',
        path_part: 'order',
      },
      one: { rest_api_id: api, parent_id: '${aws_api_gateway_resource.all.id}', path_part: '{order_id}' },
    },
    aws_api_gateway_model: {
      m: { rest_api_id: api, name: 'Order', schema: '{"type":"object"}', content_type: 'application/json' },
    },
    aws_api_gateway_request_validator: { v: { rest_api_id: api, name: 'v', validate_request_body: true } },
    aws_api_gateway_method: {
      post: {
        ...place,
        http_method: 'POST',
        authorization: 'NONE',
        api_key_required: true,
        request_models: { $default: '${aws_api_gateway_model.m.name}' },
        request_validator_id: '${aws_api_gateway_request_validator.v.id}',
      },
      options: { ...place, http_method: 'OPTIONS', authorization: 'NONE' },
    },
    aws_api_gateway_integration: {
      post: {
        ...place,
        http_method: '${aws_api_gateway_method.post.http_method}',
        type: 'AWS_PROXY',
        integration_http_method: 'POST',
        uri: '${aws_lambda_function.fn.invoke_arn}',
      },
      options: {
        ...place,
        http_method: 'OPTIONS',
        type: 'MOCK',
        request_templates: { 'application/json': '{"statusCode":204}' },
      },
    },
    aws_api_gateway_integration_response: {
      options: {
        ...place,
        http_method: 'OPTIONS',
        status_code: '204',
        response_parameters: {
          'method.response.header.Access-Control-Allow-Origin': "'*'",
          'method.response.header.X-Id': 'context.requestId',
        },
      },
    },
    aws_api_gateway_deployment: {
      d: {
        rest_api_id: api,
        triggers: { redeployment: '${sha1(jsonencode([aws_api_gateway_method.post.id]))}' },
      },
    },
    aws_cloudwatch_log_group: { g: { name: '/aws/api/shop', retention_in_days: 14 } },
    aws_api_gateway_stage: {
      s: {
        rest_api_id: api,
        deployment_id: '${aws_api_gateway_deployment.d.id}',
        stage_name: 'dev',
        access_log_settings: {
          destination_arn: '${aws_cloudwatch_log_group.g.arn}',
          format: '{"id":"$context.requestId"}',
        },
      },
    },
    aws_api_gateway_method_settings: {
      m: {
        rest_api_id: api,
        stage_name: 'dev',
        method_path: '*/*',
        settings: { throttling_rate_limit: 5, throttling_burst_limit: 10 },
      },
    },
    aws_api_gateway_api_key: { k: { name: 'k' } },
    aws_api_gateway_usage_plan: {
      p: { name: 'p', api_stages: [{ api_id: api, stage: '${aws_api_gateway_stage.s.stage_name}' }] },
    },
    aws_api_gateway_usage_plan_key: {
      pk: {
        key_id: '${aws_api_gateway_api_key.k.id}',
        key_type: 'API_KEY',
        usage_plan_id: '${aws_api_gateway_usage_plan.p.id}',
      },
    },
    aws_lambda_permission: {
      p: {
        action: 'lambda:InvokeFunction',
        function_name: '${aws_lambda_function.fn.function_name}',
        principal: 'apigateway.amazonaws.com',
        source_arn: '${aws_api_gateway_rest_api.api.execution_arn}/*/POST/order/*',
      },
    },
  },
  output: {
    url: { value: '${aws_api_gateway_stage.s.invoke_url}' },
    key: { value: '${aws_api_gateway_api_key.k.value}' },
  },
};

it('describes a REST API with its methods, models, mocks, limits and keys', () => {
  // Act
  const stack = withEndpoints(readSections(sections), {
    awsEndpoint: 'http://a',
    apiOrigin: 'http://127.0.0.1:3000',
  });

  // Assess
  const [description] = stack.apis;
  expect(description).toMatchObject({
    stageName: 'dev',
    accessLog: { logGroupName: '/aws/api/shop', format: '{"id":"$context.requestId"}' },
    throttling: { rateLimit: 5, burstLimit: 10 },
    apiKeys: [stack.outputs['key']],
  });
  expect(description?.methods).toEqual([
    {
      resourcePath: '/order/{order_id}',
      httpMethod: 'POST',
      authorization: 'NONE',
      apiKeyRequired: true,
      requestModels: { $default: { type: 'object' } },
      validateBody: true,
      validateParameters: false,
      requestParameters: {},
      integration: {
        type: 'AWS_PROXY',
        functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:fn',
        timeoutMs: 29_000,
      },
    },
    {
      resourcePath: '/order/{order_id}',
      httpMethod: 'OPTIONS',
      authorization: 'NONE',
      apiKeyRequired: false,
      requestModels: {},
      validateBody: false,
      validateParameters: false,
      requestParameters: {},
      integration: {
        type: 'MOCK',
        statusCode: 204,
        headers: { 'Access-Control-Allow-Origin': "'*'", 'X-Id': 'context.requestId' },
      },
    },
  ]);
  expect(stack.outputs['url']).toBe('http://127.0.0.1:3000/dev');
  expect(stack.functionPermissions[0]?.sourceArn).toBe(`${description?.executionArn}/*/POST/order/*`);
});

it('describes a function: code beside the stack, defaults of Lambda, texts as variables', () => {
  const [fn] = readSections(sections).functions;

  expect(fn?.code).toMatch(/^\/.+\/assets\/fn\/archive\.zip$/);
  expect(fn).toMatchObject({
    timeoutSeconds: 3,
    memorySizeMb: 128,
    environment: { COUNT: '3' },
    logGroupName: '/aws/lambda/fn',
  });
  expect(fn).not.toHaveProperty('reservedConcurrency');
});

it('names what a machine cannot do of it', () => {
  expect(readSections(sections).notHonoured).toEqual([
    { address: 'aws_lambda_function.fn', argument: 'tracing_config.mode' },
  ]);
});

it('names templates that say more than $context variables can', () => {
  // Prepare
  const response = (template: string) => ({
    rest_api_id: api,
    response_type: 'DEFAULT_4XX',
    response_templates: { 'application/json': template },
  });
  const resource = {
    ...sections.resource,
    aws_lambda_function: {},
    aws_api_gateway_stage: {},
    aws_api_gateway_integration: {},
    aws_lambda_permission: {},
    aws_api_gateway_usage_plan: {},
    aws_api_gateway_usage_plan_key: {},
    aws_api_gateway_gateway_response: {
      plain: response('{"message":$context.error.messageString}'),
      vtl: response('#set($a = 1){"message":"$a"}'),
    },
  };

  // Act
  const { notHonoured } = readSections({ resource });

  // Assess
  expect(notHonoured).toEqual([
    { address: 'aws_api_gateway_gateway_response.vtl', argument: 'response_templates.application/json' },
  ]);
});
