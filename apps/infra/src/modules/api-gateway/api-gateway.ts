import { createHash } from 'node:crypto';
import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js';
import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response/index.js';
import { ApiGatewayModel } from '@cdktf/provider-aws/lib/api-gateway-model/index.js';
import { ApiGatewayRequestValidator } from '@cdktf/provider-aws/lib/api-gateway-request-validator/index.js';
import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { apiGatewayModel } from '@dofs/orders/api-gateway-model';
import {
  DefaultTokenResolver,
  Lazy,
  StringConcat,
  Tokenization,
  type TerraformResource,
  type TerraformStack,
} from 'cdktf';
import type { Context } from '../../stacks/context.ts';
import { CORS, responseParameters } from './cors.ts';
import { functionMethod } from './function-method.ts';
import { preflight } from './preflight.ts';
import { createStage, type Stage } from './stage.ts';

export interface Api extends Stage {
  readonly restApi: ApiGatewayRestApi;
}

/** API Gateway's own answers that have a customizable form; DEFAULT_4XX and DEFAULT_5XX stand for all of them. */
const GATEWAY_RESPONSES = ['DEFAULT_4XX', 'DEFAULT_5XX'];

/** The REST API: POST /order, GET /order/{order_id}, their preflights, and one stage. */
export function createApi(context: Context, handler: LambdaFunction): Api {
  const { stack, names } = context;
  const restApi = new ApiGatewayRestApi(stack, 'api', {
    name: names.of('api'),
    description: 'Takes orders and answers how they stand',
    endpointConfiguration: { types: ['REGIONAL'] },
  });
  const order = new ApiGatewayResource(stack, 'api_order', {
    restApiId: restApi.id,
    parentId: restApi.rootResourceId,
    pathPart: 'order',
  });
  const orderById = new ApiGatewayResource(stack, 'api_order_by_id', {
    restApiId: restApi.id,
    parentId: order.id,
    pathPart: '{order_id}',
  });
  const parts = [
    order,
    orderById,
    ...postOrder(context, restApi, order, handler),
    ...functionMethod(context, restApi, handler, {
      id: 'api_get_order',
      resource: orderById,
      httpMethod: 'GET',
      path: 'order/*',
    }),
    ...preflight(context, restApi, 'api_order_options', order, 'POST,OPTIONS'),
    ...preflight(context, restApi, 'api_order_by_id_options', orderById, 'GET,OPTIONS'),
    ...gatewayResponses(context, restApi),
  ];
  const deployment = new ApiGatewayDeployment(stack, 'api_deployment', {
    restApiId: restApi.id,
    // A deployment is a snapshot: a new one is needed whenever anything in it changes.
    triggers: { redeployment: fingerprint(stack, parts) },
    lifecycle: { createBeforeDestroy: true },
    dependsOn: parts,
  });
  return { restApi, ...createStage(context, restApi, deployment) };
}

function postOrder(
  context: Context,
  restApi: ApiGatewayRestApi,
  resource: ApiGatewayResource,
  handler: LambdaFunction,
): readonly TerraformResource[] {
  const { stack } = context;
  const model = new ApiGatewayModel(stack, 'api_order_model', {
    restApiId: restApi.id,
    name: 'OrderRequest',
    description: 'What POST /order takes',
    contentType: 'application/json',
    schema: JSON.stringify(apiGatewayModel('OrderRequest')),
  });
  const validator = new ApiGatewayRequestValidator(stack, 'api_body_validator', {
    restApiId: restApi.id,
    name: 'body',
    validateRequestBody: true,
    validateRequestParameters: false,
  });
  const method = functionMethod(context, restApi, handler, {
    id: 'api_post_order',
    resource,
    httpMethod: 'POST',
    path: 'order',
    requestValidatorId: validator.id,
    // Whatever its content type says, a body is checked: curl -d alone sends a form's.
    requestModels: { $default: model.name },
  });
  return [model, validator, ...method];
}

function gatewayResponses({ stack }: Context, restApi: ApiGatewayRestApi): readonly TerraformResource[] {
  return GATEWAY_RESPONSES.map(
    (responseType) =>
      new ApiGatewayGatewayResponse(stack, `api_${responseType.toLowerCase()}`, {
        restApiId: restApi.id,
        responseType,
        responseParameters: {
          ...responseParameters('gatewayresponse', CORS),
          'gatewayresponse.header.x-correlation-id': 'context.requestId',
        },
        responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
      }),
  );
}

/** Changes with any argument of any of the resources. */
function fingerprint(stack: TerraformStack, resources: readonly TerraformResource[]): string {
  return Lazy.stringValue({
    produce: () => {
      const synthesized = resources.map(
        (resource) =>
          Tokenization.resolve(resource.toTerraform(), {
            scope: stack,
            resolver: new DefaultTokenResolver(new StringConcat()),
            preparing: false,
          }) as unknown,
      );
      return createHash('sha256').update(JSON.stringify(synthesized)).digest('hex');
    },
  });
}
