import type { EnvironmentConfig } from './environment-config.ts';
import { variableOf } from './variable-of.ts';

/**
 * AWS: "set the queue's visibility timeout to at least six times the function timeout", so that Lambda can retry
 * a throttled batch before its messages reappear (Lambda developer guide, "Using Lambda with Amazon SQS").
 */
export const VISIBILITY_FACTOR = 6;

interface Rule {
  readonly broken: boolean;
  /** What to change, in one line that begins with the setting that is wrong. */
  readonly problem: string;
  /** The settings that can mend it. */
  readonly settings: readonly (keyof EnvironmentConfig)[];
}

function rules(settings: EnvironmentConfig): readonly Rule[] {
  const visible = settings.visibilityTimeoutSeconds;
  const needed = VISIBILITY_FACTOR * settings.fulfillmentTimeoutSeconds;
  const retrySpan = visible * settings.maxReceiveCount;
  const hasSubnets = settings.vpcSubnetIds.length > 0;
  const hasGroups = settings.vpcSecurityGroupIds.length > 0;
  return [
    {
      broken: visible < needed,
      problem:
        `visibilityTimeoutSeconds is ${visible}: must be at least ${VISIBILITY_FACTOR} times fulfillmentTimeoutSeconds ` +
        `(${settings.fulfillmentTimeoutSeconds}), else slow messages are delivered twice; ` +
        `raise it to ${needed} or lower fulfillmentTimeoutSeconds`,
      settings: ['visibilityTimeoutSeconds', 'fulfillmentTimeoutSeconds'],
    },
    {
      broken: settings.dlqRetentionDays <= settings.orderQueueRetentionDays,
      problem:
        `dlqRetentionDays is ${settings.dlqRetentionDays}: must be longer than orderQueueRetentionDays ` +
        `(${settings.orderQueueRetentionDays}), because a dead letter's age counts from when it was first sent; ` +
        `raise it (at most 14) or lower orderQueueRetentionDays`,
      settings: ['dlqRetentionDays', 'orderQueueRetentionDays'],
    },
    {
      broken: settings.stuckAfterSeconds < retrySpan,
      problem:
        `stuckAfterSeconds is ${settings.stuckAfterSeconds}: must be at least visibilityTimeoutSeconds times ` +
        `maxReceiveCount (${retrySpan}), else orders that are being retried are queued again; ` +
        `raise it to ${retrySpan} or lower the other two`,
      settings: ['stuckAfterSeconds', 'visibilityTimeoutSeconds', 'maxReceiveCount'],
    },
    {
      broken: hasGroups && !hasSubnets,
      problem:
        'vpcSubnetIds is []: vpcSecurityGroupIds asks for a VPC, which needs subnets; ' +
        'add subnet ids or empty vpcSecurityGroupIds',
      settings: ['vpcSubnetIds', 'vpcSecurityGroupIds'],
    },
    {
      broken: hasSubnets && !hasGroups,
      problem:
        'vpcSecurityGroupIds is []: vpcSubnetIds asks for a VPC, which needs security groups; ' +
        'add security group ids or empty vpcSubnetIds',
      settings: ['vpcSecurityGroupIds', 'vpcSubnetIds'],
    },
  ];
}

/** Rules between settings. @returns a line for each broken one, with what to change and the variables that change it */
export function crossFieldProblems(settings: EnvironmentConfig): readonly string[] {
  return rules(settings)
    .filter(({ broken }) => broken)
    .map(
      (rule) =>
        `${rule.problem}; change them in apps/infra/src/config or set ${rule.settings.map(variableOf).join(', ')}`,
    );
}
