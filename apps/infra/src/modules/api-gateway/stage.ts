import type { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings/index.js';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import type { Context } from '../../stacks/context.ts';
import { logGroup } from '../log-group.ts';
import { apiKeys } from './api-key.ts';

export interface Stage {
  readonly stage: ApiGatewayStage;
  /** Under API_KEY authorization only. */
  readonly apiKeyId?: string;
}

/** One JSON object a request. No bodies, no source address: ids are enough to follow an order. */
const ACCESS_LOG = {
  requestTime: '$context.requestTime',
  // As on the lines of api-handler. The correlation id may be the client's, or the order's.
  request_id: '$context.requestId',
  traceId: '$context.xrayTraceId',
  httpMethod: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  responseLatencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

/** The stage of the environment's name: access log, traces, metrics, throttling. */
export function createStage(
  context: Context,
  restApi: ApiGatewayRestApi,
  deployment: ApiGatewayDeployment,
): Stage {
  const { stack, names, settings } = context;
  const logs = logGroup(context, 'api_access_logs', `/aws/apigateway/${names.of('api')}`);
  const stage = new ApiGatewayStage(stack, 'api_stage', {
    restApiId: restApi.id,
    deploymentId: deployment.id,
    stageName: names.stage,
    xrayTracingEnabled: true,
    accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG) },
  });
  new ApiGatewayMethodSettings(stack, 'api_method_settings', {
    restApiId: restApi.id,
    stageName: stage.stageName,
    methodPath: '*/*',
    settings: {
      metricsEnabled: true,
      // API Gateway would make a log group of its own for it, which nobody owns and nothing expires. The access log has
      // the errors.
      loggingLevel: 'OFF',
      dataTraceEnabled: false,
      throttlingRateLimit: settings.throttlingRateLimit,
      throttlingBurstLimit: settings.throttlingBurstLimit,
    },
  });
  return settings.apiAuthorization === 'API_KEY'
    ? { stage, apiKeyId: apiKeys(context, restApi, stage).id }
    : { stage };
}
