import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { Context } from '../stacks/context.ts';

/** A log group that forgets after the environment's retention. */
export function logGroup({ stack, settings }: Context, id: string, name: string): CloudwatchLogGroup {
  return new CloudwatchLogGroup(stack, id, {
    name,
    retentionInDays: settings.logRetentionDays,
    ...(settings.kmsKeyArn === '' ? {} : { kmsKeyId: settings.kmsKeyArn }),
  });
}
