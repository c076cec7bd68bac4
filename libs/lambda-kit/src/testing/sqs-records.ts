import type { SQSRecord } from 'aws-lambda';

/**
 * A record as SQS hands it to a function.
 * @param delivery how often it has been delivered by now, from 1
 */
export function sqsRecord(messageId: string, body: string, delivery = 1): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-${messageId}-${delivery}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(delivery),
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:order-queue',
    awsRegion: 'us-east-1',
  };
}

/** A function that has all the time in the world. */
export const UNHURRIED = { getRemainingTimeInMillis: () => 100_000 };
