import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { errorFields } from '@dofs/lambda-kit/log';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import { processBatch } from '@dofs/lambda-kit/sqs-batch';
import { parseQueueMessage } from '@dofs/orders/queue-message';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { fulfill, type FulfillPorts, type FulfillResult } from './fulfill.ts';

/** A message in order-queue is no request to fulfil an order. It must reach the dead letter queue, not vanish. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

export type FulfillPortsAndBasics = FulfillPorts & FunctionBasics;
export type FulfillOrderHandler = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

/** order-queue's consumer: works on a batch and reports the messages that must be delivered again. */
export function createHandler(ports: FulfillPortsAndBasics): FulfillOrderHandler {
  return async (event, context) => {
    const results: FulfillResult[] = [];
    const answer = await processBatch(event.Records, context.getRemainingTimeInMillis(), {
      handle: async (record) => {
        results.push(await handleRecord(ports, record));
      },
      onFailure: (record, error) => {
        ports.log.error('fulfilment attempt failed, its message will be delivered again', {
          ...idsOf(record),
          message_id: record.messageId,
          ...errorFields(error),
        });
      },
    });
    const count = (wanted: FulfillResult) => results.filter((result) => result === wanted).length;
    ports.countMetrics({
      [METRIC_NAMES.ordersFulfilled]: count('fulfilled-now'),
      [METRIC_NAMES.ordersFailed]: count('failed-now'),
      [METRIC_NAMES.ordersRefused]: count('failed-now'),
      [METRIC_NAMES.ordersAtOdds]: count('at-odds'),
    });
    return answer;
  };
}

async function handleRecord(ports: FulfillPortsAndBasics, record: SQSRecord): Promise<FulfillResult> {
  const parsed = parseQueueMessage(record.body);
  if (!parsed.valid) {
    throw new MalformedMessageError(parsed.reason);
  }
  const { message } = parsed;
  const count = Number(record.attributes.ApproximateReceiveCount);
  const result = await fulfill(ports, { message, body: record.body, count });
  const { order_id, correlation_id, attempt } = message;
  ports.log[result === 'at-odds' ? 'error' : 'info'](EVENTS[result], { order_id, correlation_id, attempt });
  return result;
}

const EVENTS: Record<FulfillResult, string> = {
  'fulfilled-now': 'order fulfilled',
  'failed-now': 'order refused by fulfilment',
  fulfilled: 'duplicate message of a fulfilled order',
  failed: 'message of an order that failed before',
  superseded: 'message of an earlier attempt',
  'at-odds': 'the warehouse fulfilled an order that is FAILED: redrive it',
};

function idsOf(record: SQSRecord): { order_id?: string; correlation_id?: string } {
  const parsed = parseQueueMessage(record.body);
  return parsed.valid
    ? { order_id: parsed.message.order_id, correlation_id: parsed.message.correlation_id }
    : {};
}
