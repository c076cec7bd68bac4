import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { errorFields } from '@dofs/lambda-kit/log';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import { processBatch } from '@dofs/lambda-kit/sqs-batch';
import { parseQueueMessage } from '@dofs/orders/queue-message';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deadLetter, type DeadLetterPorts, type DeadLetterResult } from './dead-letter.ts';

export type DlqHandlerPorts = DeadLetterPorts & FunctionBasics;
export type DlqHandler = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

/** order-dlq's consumer. A message whose end could not be recorded is reported and stays in the queue. */
export function createHandler(ports: DlqHandlerPorts): DlqHandler {
  return async (event, context) => {
    const results: DeadLetterResult[] = [];
    const answer = await processBatch(event.Records, context.getRemainingTimeInMillis(), {
      handle: async (record) => {
        const result = await deadLetter(ports, { messageId: record.messageId, body: record.body });
        results.push(result);
        ports.log.warn(EVENTS[result], idsOf(record));
      },
      onFailure: (record, error) => {
        ports.log.error('dead-lettered message not recorded, it stays in the queue', {
          ...idsOf(record),
          ...errorFields(error),
        });
      },
    });
    ports.countMetrics({
      [METRIC_NAMES.ordersDeadLettered]: results.filter((result) => result !== 'stale').length,
      [METRIC_NAMES.ordersFailed]: results.filter((result) => result === 'failed-now').length,
      // The function itself never fails, and messages received so often have no age: this count is what tells.
      [METRIC_NAMES.deadLettersNotRecorded]: answer.batchItemFailures.length,
    });
    return answer;
  };
}

const EVENTS: Record<DeadLetterResult, string> = {
  'failed-now': 'order failed, its message was dead-lettered',
  failed: 'dead-lettered message of a failed order',
  stale: 'dead-lettered message of no consequence, its order has got on',
  kept: 'dead-lettered message kept, it belongs to no order',
};

function idsOf(record: SQSRecord): Record<string, string> {
  const parsed = parseQueueMessage(record.body);
  const ids = parsed.valid
    ? { order_id: parsed.message.order_id, correlation_id: parsed.message.correlation_id }
    : {};
  return { ...ids, message_id: record.messageId };
}
