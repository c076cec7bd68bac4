/**
 * The faults that a chaos run injects: every one that the system promises to survive. Rates are such that 2,000
 * orders bring each at least 20 times.
 */

/** As `npm start -- --faults` reads it. */
export interface FaultFile {
  readonly seed: number;
  readonly subject: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Longer than the functions' timeout in a chaos run, so that a slow call is a timed out function. */
const LONGER_THAN_THE_TIMEOUT_MS = 2_000;

/** When an outage of DynamoDB begins, in milliseconds after the start: the first orders are on their way then. */
const OUTAGE_BEGINS_MS = 3_000;

export interface FaultChoice {
  /** Under EXPRESS nothing is ever described, so no description can lag. */
  readonly express: boolean;
  /** How long every write to DynamoDB is refused, in seconds; 0: not at all. */
  readonly outageSeconds: number;
}

export function chaosFaults(seed: number, { express, outageSeconds }: FaultChoice): FaultFile {
  return {
    seed,
    subject: UUID,
    rules: [
      ...(outageSeconds === 0 ? [] : [outage(outageSeconds)]),
      ...workflowFaults(),
      ...(express ? [] : [laggingDescription()]),
      ...fulfilmentFaults(),
      ...deadLetterFaults(),
    ],
  };
}

function outage(seconds: number) {
  return {
    name: `DynamoDB refuses all writes for ${seconds} s`,
    fault: 'throttle',
    service: 'dynamodb',
    operations: ['PutItem', 'UpdateItem', 'DeleteItem'],
    probability: 1,
    fromMs: OUTAGE_BEGINS_MS,
    untilMs: OUTAGE_BEGINS_MS + seconds * 1_000,
  };
}

function laggingDescription() {
  return {
    name: 'DescribeExecution lags',
    fault: 'error',
    code: 'ExecutionDoesNotExist',
    service: 'states',
    operations: ['DescribeExecution'],
    probability: 0.7,
    atMost: 2,
  };
}

function workflowFaults() {
  const starting = { service: 'states', operations: ['StartExecution'], caller: 'api-handler', atMost: 4 };
  const storing = { service: 'dynamodb', operations: ['PutItem', 'UpdateItem'], caller: 'order-storage' };
  const queueing = { service: 'sqs', operations: ['SendMessage'], caller: 'order-processing' };
  return [
    { ...starting, name: 'StartExecution throttled', fault: 'throttle', probability: 0.03 },
    { ...starting, name: 'StartExecution answer lost', fault: 'lost-answer', probability: 0.03 },
    {
      ...starting,
      name: 'api-handler killed after StartExecution',
      fault: 'kill-after',
      probability: 0.02,
      atMost: 1,
    },
    { ...storing, name: 'order-storage throttled', fault: 'throttle', probability: 0.03, atMost: 5 },
    {
      ...storing,
      name: 'order-storage killed before its write',
      fault: 'kill-before',
      probability: 0.02,
      atMost: 1,
    },
    {
      ...storing,
      name: 'order-storage killed after its write',
      fault: 'kill-after',
      probability: 0.02,
      atMost: 1,
    },
    {
      ...storing,
      name: 'order-storage loses the answer of a write',
      fault: 'lost-answer',
      probability: 0.03,
      atMost: 2,
    },
    { ...queueing, name: 'SQS send refused', fault: 'throttle', probability: 0.03, atMost: 3 },
    { ...queueing, name: 'SQS send answer lost', fault: 'lost-answer', probability: 0.03, atMost: 2 },
  ];
}

function fulfilmentFaults() {
  const settling = { service: 'dynamodb', operations: ['UpdateItem'], caller: 'fulfill-order' };
  const projecting = { ...settling, operations: ['PutItem'] };
  return [
    {
      name: 'duplicate delivery',
      fault: 'duplicate-delivery',
      service: 'sqs',
      operations: ['ReceiveMessage'],
      probability: 0.05,
      atMost: 2,
    },
    { ...settling, name: 'fulfill-order throttled', fault: 'throttle', probability: 0.03, atMost: 3 },
    // Often enough to use up the receives, so that these orders take the way of the dead letter queue.
    {
      ...settling,
      name: 'fulfill-order refused until dead-lettered',
      fault: 'throttle',
      probability: 0.025,
      everyTime: true,
      atMost: 40,
    },
    {
      ...settling,
      name: 'fulfill-order killed before its update',
      fault: 'kill-before',
      probability: 0.03,
      atMost: 1,
    },
    {
      ...settling,
      name: 'fulfill-order killed between its writes',
      fault: 'kill-after',
      probability: 0.03,
      atMost: 1,
    },
    {
      ...settling,
      name: 'fulfill-order times out, its update takes effect late',
      fault: 'slow',
      delayMs: LONGER_THAN_THE_TIMEOUT_MS,
      probability: 0.03,
      atMost: 1,
    },
    {
      ...projecting,
      name: 'fulfill-order killed after its last write',
      fault: 'kill-after',
      probability: 0.06,
      atMost: 1,
    },
    { ...projecting, name: 'failed_orders throttled', fault: 'throttle', probability: 0.1, atMost: 3 },
  ];
}

function deadLetterFaults() {
  const deadLettering = {
    service: 'dynamodb',
    operations: ['UpdateItem', 'PutItem'],
    caller: 'dlq-handler',
    probability: 0.3,
    // Of the dead letters, so many after each start of the system: drawn at each call anew, every one would be hit.
    everyTime: true,
    atMost: 1,
  };
  return [
    { ...deadLettering, name: 'dlq-handler throttled', fault: 'throttle' },
    { ...deadLettering, name: 'dlq-handler killed', fault: 'kill-before' },
    { ...deadLettering, name: 'dlq-handler killed after a write', fault: 'kill-after' },
  ];
}
