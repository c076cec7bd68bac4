import type { QueueDescription } from '../../stack-description.ts';
import { awsEndpointPlaceholder } from '../endpoints.ts';
import { optionalText, text, type Resource, type ResourceTypes, type StackContext } from '../resource.ts';
import { StackError } from '../stack-error.ts';
import { nameOf, regionalArn } from './names.ts';

const queueArn = (queue: Resource, context: StackContext) => regionalArn(context, 'sqs', nameOf(queue));
const queueUrl = (queue: Resource, context: StackContext) =>
  `${awsEndpointPlaceholder}/${context.accountId}/${nameOf(queue)}`;

/** Terraform's argument -> the attribute as SetQueueAttributes names it. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  visibility_timeout_seconds: 'VisibilityTimeout',
  message_retention_seconds: 'MessageRetentionPeriod',
  delay_seconds: 'DelaySeconds',
  max_message_size: 'MaximumMessageSize',
  receive_wait_time_seconds: 'ReceiveMessageWaitTimeSeconds',
  redrive_policy: 'RedrivePolicy',
  redrive_allow_policy: 'RedriveAllowPolicy',
  fifo_queue: 'FifoQueue',
  content_based_deduplication: 'ContentBasedDeduplication',
  deduplication_scope: 'DeduplicationScope',
  fifo_throughput_limit: 'FifoThroughputLimit',
};

export const queueTypes: ResourceTypes = {
  aws_sqs_queue: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      ...Object.fromEntries(Object.keys(ATTRIBUTES).map((argument) => [argument, 'honoured' as const])),
      // Encryption at rest with the service's own key can't be seen from outside.
      sqs_managed_sse_enabled: 'harmless',
      tags: 'harmless',
    },
    computed: {
      name: (queue) => nameOf(queue),
      arn: queueArn,
      id: queueUrl,
      url: queueUrl,
    },
  },
  aws_sqs_queue_redrive_policy: {
    args: { queue_url: 'honoured', redrive_policy: 'honoured' },
    computed: { id: (policy) => text(policy, 'queue_url') },
  },
  aws_sqs_queue_redrive_allow_policy: {
    args: { queue_url: 'honoured', redrive_allow_policy: 'honoured' },
    computed: { id: (policy) => text(policy, 'queue_url') },
  },
  // Policies of the callers' roles are enforced here, policies of queues are not.
  aws_sqs_queue_policy: {
    args: {},
    computed: { id: (policy) => text(policy, 'queue_url') },
    notRun: true,
  },
};

export function describeQueues(context: StackContext): QueueDescription[] {
  return context.resources('aws_sqs_queue').map((queue) => ({
    name: nameOf(queue),
    arn: queueArn(queue, context),
    attributes: {
      ...ownAttributes(queue),
      ...attributesElsewhere(context, queue, 'aws_sqs_queue_redrive_policy', 'redrive_policy'),
      ...attributesElsewhere(context, queue, 'aws_sqs_queue_redrive_allow_policy', 'redrive_allow_policy'),
    },
  }));
}

function ownAttributes(queue: Resource): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([argument, attribute]) => {
      const value = optionalText(queue, argument);
      return value === undefined ? [] : [[attribute, checked(queue, argument, value)]];
    }),
  );
}

/** An attribute that the stack sets by a resource of its own. */
function attributesElsewhere(
  context: StackContext,
  queue: Resource,
  type: string,
  argument: string,
): Record<string, string> {
  const url = queueUrl(queue, context);
  const policies = context.resources(type).filter((policy) => text(policy, 'queue_url') === url);
  const attribute = ATTRIBUTES[argument] ?? argument;
  return Object.fromEntries(
    policies.map((policy) => [attribute, checked(policy, argument, text(policy, argument))]),
  );
}

/** Policies are JSON; one that isn't is better refused here than ignored by the queue. */
function checked(resource: Resource, argument: string, value: string): string {
  if (!argument.endsWith('_policy')) {
    return value;
  }
  try {
    JSON.parse(value);
  } catch {
    throw new StackError(`${resource.address}.${argument}`, `is not JSON: ${value}`);
  }
  return value;
}
