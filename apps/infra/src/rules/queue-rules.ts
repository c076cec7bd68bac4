import { VISIBILITY_FACTOR } from '../config/setting-rules.ts';
import { numberArgument, referredTo, resourcesOf, type Rule } from './stack-json.ts';

/** A queue hides a message for at least six times its function's timeout. */
export const visibilityOutlastsFunction: Rule = (stack) =>
  resourcesOf(stack, 'aws_lambda_event_source_mapping').flatMap((mapping) => {
    const queue = referredTo(stack, mapping.args['event_source_arn']);
    const lambda = referredTo(stack, mapping.args['function_name']);
    if (queue === undefined || lambda === undefined) {
      return [`${mapping.address}: its queue and function must be resources of this stack`];
    }
    const visible = numberArgument(queue, 'visibility_timeout_seconds') ?? 0;
    const needed = VISIBILITY_FACTOR * (numberArgument(lambda, 'timeout') ?? 0);
    return visible >= needed
      ? []
      : [
          `${queue.address}: visibility_timeout_seconds is ${visible}, but ${lambda.address} may run for a sixth of ` +
            `${needed}; raise visibilityTimeoutSeconds to ${needed} or lower the function's timeout`,
        ];
  });

/** A dead letter's age counts from when it was first sent, so it must be kept longer than its source keeps it. */
export const deadLettersOutlastSource: Rule = (stack) =>
  resourcesOf(stack, 'aws_sqs_queue').flatMap((queue) => {
    const policy = queue.args['redrive_policy'];
    if (typeof policy !== 'string') {
      return [];
    }
    const { deadLetterTargetArn } = JSON.parse(policy) as { readonly deadLetterTargetArn: string };
    const dlq = referredTo(stack, deadLetterTargetArn);
    const kept = dlq === undefined ? 0 : (numberArgument(dlq, 'message_retention_seconds') ?? 0);
    const sourceKept = numberArgument(queue, 'message_retention_seconds') ?? 0;
    return kept > sourceKept
      ? []
      : [
          `${queue.address}: its dead letter queue keeps messages for ${kept} s, the queue itself for ${sourceKept} s; ` +
            `raise dlqRetentionDays above orderQueueRetentionDays`,
        ];
  });

export const queuesAreEncrypted: Rule = (stack) =>
  resourcesOf(stack, 'aws_sqs_queue')
    .filter(({ args }) => args['sqs_managed_sse_enabled'] !== true && args['kms_master_key_id'] === undefined)
    .map(({ address }) => `${address}: is not encrypted; set sqsManagedSseEnabled or a KMS key`);
