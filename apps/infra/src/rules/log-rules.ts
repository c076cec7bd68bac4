import { resourcesOf, type Rule } from './stack-json.ts';

/** A function without a log group makes one of its own, which keeps everything for ever. */
export const functionsHaveLogGroups: Rule = (stack) => {
  const logGroups = new Set(resourcesOf(stack, 'aws_cloudwatch_log_group').map(({ args }) => args['name']));
  return resourcesOf(stack, 'aws_lambda_function')
    .map(({ address, args }) => ({ address, logGroup: `/aws/lambda/${String(args['function_name'])}` }))
    .filter(({ logGroup }) => !logGroups.has(logGroup))
    .map(({ address, logGroup }) => `${address}: has no log group; add one named ${logGroup}`);
};

/** API Gateway writes its execution log into a group that it makes itself, without retention, key or tags. */
export const executionLogsAreOff: Rule = (stack) =>
  resourcesOf(stack, 'aws_api_gateway_method_settings')
    .filter(({ args }) => (args['settings'] as { logging_level?: unknown }).logging_level !== 'OFF')
    .map(
      ({ address }) =>
        `${address}: its log group would belong to no stack and be kept for ever; set loggingLevel to OFF, the access ` +
        `log has the errors`,
    );

export const logGroupsForget: Rule = (stack) =>
  resourcesOf(stack, 'aws_cloudwatch_log_group')
    .filter(({ args }) => args['retention_in_days'] === undefined)
    .map(({ address }) => `${address}: keeps its log for ever; set retentionInDays`);
