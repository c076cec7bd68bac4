/*
 * Actions that AWS ties to no resource: "*" is the only one that works with them (Service Authorization Reference).
 * A role allows those it needs, a pipeline's too; the permissions boundary allows them all.
 */

/** Step Functions sets up the delivery of a workflow's log with the workflow's role. */
export const LOG_DELIVERY_ACTIONS: readonly string[] = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** Sending traces to X-Ray. */
export const TRACE_ACTIONS: readonly string[] = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** Asking X-Ray which requests to trace, as Step Functions does. */
export const SAMPLING_ACTIONS: readonly string[] = ['xray:GetSamplingRules', 'xray:GetSamplingTargets'];

/** Lambda makes its network interfaces in a VPC with the function's role; their ids aren't known before. */
export const NETWORK_INTERFACE_ACTIONS: readonly string[] = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
