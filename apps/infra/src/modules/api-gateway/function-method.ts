import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js';
import type { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import type { TerraformResource } from 'cdktf';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Context } from '../../stacks/context.ts';

interface FunctionMethod {
  readonly id: string;
  readonly resource: ApiGatewayResource;
  readonly httpMethod: string;
  /** As in the ARN of a request: a path parameter is `*`. */
  readonly path: string;
  readonly requestValidatorId?: string;
  readonly requestModels?: Readonly<Record<string, string>>;
}

const AUTHORIZATION: Record<
  EnvironmentConfig['apiAuthorization'],
  { readonly authorization: string; readonly apiKeyRequired: boolean }
> = {
  NONE: { authorization: 'NONE', apiKeyRequired: false },
  API_KEY: { authorization: 'NONE', apiKeyRequired: true },
  AWS_IAM: { authorization: 'AWS_IAM', apiKeyRequired: false },
};

/** A method that a function answers. @returns what belongs to the API's deployment */
export function functionMethod(
  { stack, names, settings }: Context,
  restApi: ApiGatewayRestApi,
  handler: LambdaFunction,
  options: FunctionMethod,
): readonly TerraformResource[] {
  const { requestModels, requestValidatorId } = options;
  const method = new ApiGatewayMethod(stack, options.id, {
    restApiId: restApi.id,
    resourceId: options.resource.id,
    httpMethod: options.httpMethod,
    ...AUTHORIZATION[settings.apiAuthorization],
    ...(requestModels === undefined ? {} : { requestModels }),
    ...(requestValidatorId === undefined ? {} : { requestValidatorId }),
  });
  const integration = new ApiGatewayIntegration(stack, `${options.id}_integration`, {
    restApiId: restApi.id,
    resourceId: options.resource.id,
    httpMethod: method.httpMethod,
    type: 'AWS_PROXY',
    integrationHttpMethod: 'POST',
    uri: handler.invokeArn,
  });
  new LambdaPermission(stack, `${options.id}_permission`, {
    statementId: `${options.id}`.replaceAll('_', '-'),
    functionName: handler.functionName,
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    sourceArn: `${restApi.executionArn}/${names.stage}/${options.httpMethod}/${options.path}`,
  });
  return [method, integration];
}
