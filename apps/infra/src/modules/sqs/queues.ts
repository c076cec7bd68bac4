import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import type { Context } from '../../stacks/context.ts';

export interface Queues {
  readonly orderQueue: SqsQueue;
  readonly orderDlq: SqsQueue;
}

const SECONDS_A_DAY = 86_400;

/** order-queue, which gives a message up to order-dlq after `maxReceiveCount` receives. */
export function createQueues({ stack, names, settings }: Context): Queues {
  const encryption =
    settings.kmsKeyArn === '' ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: settings.kmsKeyArn };
  const orderDlq = new SqsQueue(stack, 'order_dlq', {
    name: names.of('order-dlq'),
    messageRetentionSeconds: settings.dlqRetentionDays * SECONDS_A_DAY,
    visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds,
    ...encryption,
  });
  const orderQueue = new SqsQueue(stack, 'order_queue', {
    name: names.of('order-queue'),
    messageRetentionSeconds: settings.orderQueueRetentionDays * SECONDS_A_DAY,
    visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds,
    redrivePolicy: JSON.stringify({
      deadLetterTargetArn: orderDlq.arn,
      maxReceiveCount: settings.maxReceiveCount,
    }),
    ...encryption,
  });
  return { orderQueue, orderDlq };
}
