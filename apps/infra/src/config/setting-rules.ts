import type { EnvironmentConfig } from './environment-config.ts';

/**
 * AWS: "set the queue's visibility timeout to at least six times the function timeout", so that Lambda can retry
 * a throttled batch before its messages reappear (Lambda developer guide, "Using Lambda with Amazon SQS").
 */
export const VISIBILITY_FACTOR = 6;

/** Rules between settings. @returns a line for each broken one, with what to change */
export function crossFieldProblems(settings: EnvironmentConfig): readonly string[] {
  const visible = settings.visibilityTimeoutSeconds;
  const needed = VISIBILITY_FACTOR * settings.fulfillmentTimeoutSeconds;
  const retrySpan = visible * settings.maxReceiveCount;
  const hasSubnets = settings.vpcSubnetIds.length > 0;
  const hasGroups = settings.vpcSecurityGroupIds.length > 0;
  return [
    visible < needed &&
      `visibilityTimeoutSeconds is ${visible}: must be at least ${VISIBILITY_FACTOR} times fulfillmentTimeoutSeconds ` +
        `(${settings.fulfillmentTimeoutSeconds}), else slow messages are delivered twice; ` +
        `raise it to ${needed} or lower fulfillmentTimeoutSeconds`,
    settings.dlqRetentionDays <= settings.orderQueueRetentionDays &&
      `dlqRetentionDays is ${settings.dlqRetentionDays}: must be longer than orderQueueRetentionDays ` +
        `(${settings.orderQueueRetentionDays}), because a dead letter's age counts from when it was first sent; ` +
        `raise it (at most 14) or lower orderQueueRetentionDays`,
    settings.stuckAfterSeconds < retrySpan &&
      `stuckAfterSeconds is ${settings.stuckAfterSeconds}: must be at least visibilityTimeoutSeconds times ` +
        `maxReceiveCount (${retrySpan}), else orders that are being retried are queued again; ` +
        `raise it to ${retrySpan} or lower the other two`,
    hasGroups &&
      !hasSubnets &&
      'vpcSubnetIds is []: vpcSecurityGroupIds asks for a VPC, which needs subnets; ' +
        'add subnet ids or empty vpcSecurityGroupIds',
    hasSubnets &&
      !hasGroups &&
      'vpcSecurityGroupIds is []: vpcSubnetIds asks for a VPC, which needs security groups; ' +
        'add security group ids or empty vpcSubnetIds',
  ].filter((problem) => problem !== false);
}
