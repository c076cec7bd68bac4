import type { JsonObject } from '../service-call.ts';

/** A message as ReceiveMessage answers it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, JsonObject>>;
}

/** The event of a batch, as Lambda gives it to a queue's consumer. */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string): string {
  return JSON.stringify({ Records: messages.map((message) => record(message, queueArn)) });
}

function record(message: ReceivedMessage, queueArn: string): Record<string, unknown> {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, messageAttribute(value)]),
    ),
    ...(message.MD5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}

function messageAttribute(value: JsonObject): Record<string, unknown> {
  return {
    ...(value['StringValue'] === undefined ? {} : { stringValue: value['StringValue'] }),
    ...(value['BinaryValue'] === undefined ? {} : { binaryValue: value['BinaryValue'] }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value['DataType'],
  };
}
