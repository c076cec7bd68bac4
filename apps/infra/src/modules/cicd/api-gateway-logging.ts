import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account/index.js';
import type { GlobalContext } from '../../stacks/context.ts';
import { pipelineRole } from './pipeline-role.ts';

/** API Gateway writes every stage's log by one role of the account and region. */
export function allowApiGatewayLogging(context: GlobalContext): void {
  const role = pipelineRole(context, 'apigateway_logging', 'apigateway.amazonaws.com', [
    {
      sid: 'WriteLogs',
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
        'logs:GetLogEvents',
        'logs:FilterLogEvents',
      ],
      // API Gateway takes no role but one that may write to any group: it is the account's, not a stage's.
      resources: ['*'],
    },
  ]);
  new ApiGatewayAccount(context.stack, 'apigateway_account', { cloudwatchRoleArn: role.arn });
}
