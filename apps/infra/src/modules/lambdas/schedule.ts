import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import type { Context } from '../../stacks/context.ts';

/** Runs a function every so many minutes. */
export function runOnSchedule(
  { stack, names }: Context,
  id: string,
  target: LambdaFunction,
  intervalMinutes: number,
): void {
  const rule = new CloudwatchEventRule(stack, `${id}_schedule`, {
    name: names.of(`${id.replaceAll('_', '-')}-schedule`),
    description: 'Starts the function on time',
    scheduleExpression: `rate(${intervalMinutes} ${intervalMinutes === 1 ? 'minute' : 'minutes'})`,
  });
  new CloudwatchEventTarget(stack, `${id}_schedule_target`, { rule: rule.name, arn: target.arn });
  new LambdaPermission(stack, `${id}_schedule_permission`, {
    statementId: 'schedule',
    functionName: target.functionName,
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    sourceArn: rule.arn,
  });
}
