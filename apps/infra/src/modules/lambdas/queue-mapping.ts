import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import type { Context } from '../../stacks/context.ts';

/** Gives a function a queue's messages in batches, of which it says which ones failed. */
export function queueMapping(
  { stack, settings }: Context,
  id: string,
  queue: SqsQueue,
  consumer: LambdaFunction,
): void {
  new LambdaEventSourceMapping(stack, id, {
    eventSourceArn: queue.arn,
    functionName: consumer.arn,
    batchSize: settings.queueBatchSize,
    functionResponseTypes: ['ReportBatchItemFailures'],
    scalingConfig: { maximumConcurrency: settings.queueMaximumConcurrency },
  });
}
