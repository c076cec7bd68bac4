import type { FunctionBasics } from '@dofs/lambda-kit/function-basics';
import { errorFields, type LogFields } from '@dofs/lambda-kit/log';
import { METRIC_NAMES } from '@dofs/lambda-kit/metric-names';
import { processBatch } from '@dofs/lambda-kit/sqs-batch';
import { parseQueueMessage } from '@dofs/orders/queue-message';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { fulfill, type Finding, type FulfillPorts, type FulfillResult } from './fulfill.ts';

/** A message in order-queue is no request to fulfil an order. It must reach the dead letter queue, not vanish. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

export type FulfillPortsAndBasics = Omit<FulfillPorts, 'report'> & FunctionBasics;
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
  const { order_id, correlation_id, attempt } = message;
  const ids = { order_id, correlation_id, attempt };
  const report = reporterOf(ports, ids);
  const result = await fulfill({ ...ports, report }, { message, body: record.body, count });
  ports.log.info(EVENTS[result], ids);
  return result;
}

/** Logs and counts at once: after a crash nothing else would tell of it. */
function reporterOf({ log, countMetrics }: FunctionBasics, ids: LogFields): (finding: Finding) => void {
  return (finding) => {
    if (finding === 'at-odds') {
      log.error('the warehouse fulfilled an order that is FAILED: redrive it', ids);
      countMetrics({ [METRIC_NAMES.ordersAtOdds]: 1 });
    } else {
      log.warn('an earlier delivery may have asked the warehouse before the order was FAILED', ids);
    }
  };
}

const EVENTS: Record<FulfillResult, string> = {
  'fulfilled-now': 'order fulfilled',
  'failed-now': 'order refused by fulfilment',
  fulfilled: 'duplicate message of a fulfilled order',
  failed: 'message of an order that failed before',
  superseded: 'message of an earlier attempt',
};

function idsOf(record: SQSRecord): { order_id?: string; correlation_id?: string } {
  const parsed = parseQueueMessage(record.body);
  return parsed.valid
    ? { order_id: parsed.message.order_id, correlation_id: parsed.message.correlation_id }
    : {};
}
