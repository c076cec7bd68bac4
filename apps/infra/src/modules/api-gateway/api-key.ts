import { ApiGatewayApiKey } from '@cdktf/provider-aws/lib/api-gateway-api-key/index.js';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import type { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import { ApiGatewayUsagePlan } from '@cdktf/provider-aws/lib/api-gateway-usage-plan/index.js';
import { ApiGatewayUsagePlanKey } from '@cdktf/provider-aws/lib/api-gateway-usage-plan-key/index.js';
import type { Context } from '../../stacks/context.ts';

/** A first key, whose value AWS makes up, and the plan that ties it to the stage. */
export function apiKeys(
  { stack, names, settings }: Context,
  restApi: ApiGatewayRestApi,
  stage: ApiGatewayStage,
): ApiGatewayApiKey {
  const key = new ApiGatewayApiKey(stack, 'api_key', { name: names.of('api-key') });
  const plan = new ApiGatewayUsagePlan(stack, 'api_usage_plan', {
    name: names.of('api-usage-plan'),
    apiStages: [{ apiId: restApi.id, stage: stage.stageName }],
    throttleSettings: {
      rateLimit: settings.throttlingRateLimit,
      burstLimit: settings.throttlingBurstLimit,
    },
  });
  new ApiGatewayUsagePlanKey(stack, 'api_usage_plan_key', {
    usagePlanId: plan.id,
    keyId: key.id,
    keyType: 'API_KEY',
  });
  return key;
}
