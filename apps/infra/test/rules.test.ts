import { afterAll, describe, expect, it } from 'vitest';
import { rulesFor } from '../src/rules/check-stack.ts';
import type { StackJson } from '../src/rules/stack-json.ts';
import { synthesized } from './synthesized.ts';

const plain = synthesized();
afterAll(() => {
  plain.remove();
});

type Changeable = Record<string, Record<string, Record<string, unknown>>>;

/** What the rules say of a stack after a change of its resources. */
function brokenBy(stack: string, change: (resources: Changeable) => void): readonly string[] {
  const json = plain.jsonOf(stack) as StackJson & { resource: Changeable };
  change(json.resource);
  return rulesFor({ projectName: 'dofs' }).flatMap((rule) => rule(json));
}

function set(type: string, name: string, changes: Readonly<Record<string, unknown>>) {
  return (resources: Changeable) => {
    Object.assign(resources[type]?.[name] ?? {}, changes);
  };
}

function allow(action: string, resource: string) {
  return set('aws_iam_role_policy', 'validator_policy', {
    policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: [action], Resource: [resource] }] }),
  });
}

describe('the rules', () => {
  it.each(plain.stacks)('are kept by %s', (stack) => {
    expect(brokenBy(stack, () => undefined)).toEqual([]);
  });

  it.each([
    [
      'a visibility timeout below six times the function timeout',
      'dofs-dev',
      set('aws_sqs_queue', 'order_queue', { visibility_timeout_seconds: 29 }),
      /^aws_sqs_queue.order_queue: visibility_timeout_seconds is 29, .* raise visibilityTimeoutSeconds to 30/,
    ],
    [
      'dead letters that are forgotten before their source’s messages',
      'dofs-dev',
      set('aws_sqs_queue', 'order_dlq', { message_retention_seconds: 86_400 }),
      /^aws_sqs_queue.order_queue: its dead letter queue keeps messages for 86400 s.*raise dlqRetentionDays/,
    ],
    [
      'a queue in the clear',
      'dofs-dev',
      set('aws_sqs_queue', 'order_queue', { sqs_managed_sse_enabled: false }),
      /^aws_sqs_queue.order_queue: is not encrypted/,
    ],
    [
      'a wildcard action',
      'dofs-dev',
      allow('dynamodb:*', '${aws_dynamodb_table.orders.arn}'),
      /^aws_iam_role_policy.validator_policy: allows dynamodb:\*; name each action/,
    ],
    [
      'a wildcard resource',
      'dofs-dev',
      allow('dynamodb:GetItem', '*'),
      /validator_policy: allows dynamodb:GetItem on every resource; name the resources' ARNs/,
    ],
    [
      'an open-ended resource',
      'dofs-dev',
      allow('dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:123456789012:table/dofs-*'),
      /validator_policy: allows dynamodb:GetItem on .*dofs-\*; name the resource's whole ARN/,
    ],
    [
      'a function without a log group',
      'dofs-dev',
      set('aws_cloudwatch_log_group', 'validator_logs', { name: '/aws/lambda/another' }),
      /^aws_lambda_function.validator: has no log group; add one named \/aws\/lambda\/dofs-dev-validator/,
    ],
    [
      'a log that is kept for ever',
      'dofs-dev',
      set('aws_cloudwatch_log_group', 'validator_logs', { retention_in_days: undefined }),
      /^aws_cloudwatch_log_group.validator_logs: keeps its log for ever/,
    ],
    [
      'a log group that API Gateway makes itself',
      'dofs-dev',
      set('aws_api_gateway_method_settings', 'api_method_settings', { settings: { logging_level: 'ERROR' } }),
      /^aws_api_gateway_method_settings.api_method_settings: its log group .* set loggingLevel to OFF/,
    ],
    [
      'an alarm on a metric that nobody publishes',
      'dofs-dev',
      set('aws_cloudwatch_metric_alarm', 'alarm_api_5xx', { metric_name: '5xxErrors' }),
      /^aws_cloudwatch_metric_alarm.alarm_api_5xx: nobody publishes the metric AWS\/ApiGateway 5xxErrors/,
    ],
    [
      'an alarm under dimensions that have no data',
      'dofs-dev',
      set('aws_cloudwatch_metric_alarm', 'alarm_api_5xx', { dimensions: { ApiId: 'x' } }),
      /^aws_cloudwatch_metric_alarm.alarm_api_5xx: .* has data under ApiName, Stage, not ApiId/,
    ],
    [
      'a graph of a metric that nobody publishes',
      'dofs-dev',
      set('aws_cloudwatch_dashboard', 'dashboard', {
        dashboard_body: '{"widgets":[{"properties":{"metrics":[["AWS/SQS","Depth","QueueName","q"]]}}]}',
      }),
      /^aws_cloudwatch_dashboard.dashboard: nobody publishes the metric AWS\/SQS Depth/,
    ],
    [
      'a bucket that can be made public',
      'dofs-global',
      set('aws_s3_bucket_public_access_block', 'artifacts_access_block', { bucket: '${aws_s3_bucket.x.id}' }),
      /^aws_s3_bucket.artifacts: can be made public; add a aws_s3_bucket_public_access_block/,
    ],
  ])('name %s, and the remedy', (_name, stack, change, expected) => {
    expect(brokenBy(stack, change)).toEqual([expect.stringMatching(expected)]);
  });
});
