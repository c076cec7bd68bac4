import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js';
import { ApiGatewayIntegrationResponse } from '@cdktf/provider-aws/lib/api-gateway-integration-response/index.js';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js';
import { ApiGatewayMethodResponse } from '@cdktf/provider-aws/lib/api-gateway-method-response/index.js';
import type { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import type { TerraformResource } from 'cdktf';
import type { Context } from '../../stacks/context.ts';
import { CORS, responseParameters } from './cors.ts';

/** Seconds for which a browser keeps the answer; most cap it at two hours. */
const MAX_AGE_SECONDS = 7200;

/** OPTIONS as browsers ask before a request of another origin; API Gateway answers it itself. */
export function preflight(
  { stack }: Context,
  restApi: ApiGatewayRestApi,
  id: string,
  resource: ApiGatewayResource,
  allowedMethods: string,
): readonly TerraformResource[] {
  const headers = {
    ...CORS,
    'Access-Control-Allow-Methods': allowedMethods,
    'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
  };
  const parameters = {
    ...responseParameters('method.response', headers),
    // No function answers here that could name the request.
    'method.response.header.x-correlation-id': 'context.requestId',
  };
  const method = new ApiGatewayMethod(stack, id, {
    restApiId: restApi.id,
    resourceId: resource.id,
    httpMethod: 'OPTIONS',
    // Browsers send a preflight without credentials.
    authorization: 'NONE',
  });
  const at = { restApiId: restApi.id, resourceId: resource.id, httpMethod: method.httpMethod };
  const integration = new ApiGatewayIntegration(stack, `${id}_integration`, {
    ...at,
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode": 204}' },
  });
  const methodResponse = new ApiGatewayMethodResponse(stack, `${id}_response`, {
    ...at,
    statusCode: '204',
    responseParameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, true])),
  });
  const integrationResponse = new ApiGatewayIntegrationResponse(stack, `${id}_integration_response`, {
    ...at,
    statusCode: methodResponse.statusCode,
    responseParameters: parameters,
    dependsOn: [integration],
  });
  return [method, integration, methodResponse, integrationResponse];
}
