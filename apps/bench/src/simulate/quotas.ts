/**
 * AWS's default quotas in US East (N. Virginia) that this design can meet, as data. New accounts may have less;
 * Service Quotas shows an account's own.
 */

const PAGES = {
  apiGateway: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  lambda: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  lambdaScaling: 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html',
  lambdaSqs: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  stepFunctions: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  dynamoDb: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
  dynamoDbOnDemand:
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  sqsQueues: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html',
  sqsMessages:
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
} as const;

/** The day on which the values were last looked up (in stored copies of the pages). */
export const QUOTAS_AS_OF = '2026-11-23';

export interface Quota {
  readonly service: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  /** What raises it, or that nothing does. */
  readonly raise: string;
}

/** A bucket of tokens: so many at once, refilled by so many a second. */
export interface BucketQuota extends Quota {
  readonly bucket: number;
}

const SERVICE_QUOTAS = 'a request in Service Quotas';
const NOTHING = 'nothing: a fixed limit';

export const QUOTAS = {
  apiRequests: {
    service: 'API Gateway',
    name: 'requests, per account and Region',
    value: 10_000,
    bucket: 5_000,
    unit: 'requests/s',
    source: PAGES.apiGateway,
    raise: SERVICE_QUOTAS,
  },
  startExecutionStandard: {
    service: 'Step Functions',
    name: 'StartExecution, STANDARD',
    value: 300,
    bucket: 1_300,
    unit: 'calls/s',
    source: PAGES.stepFunctions,
    raise: `${SERVICE_QUOTAS}, or workflowType EXPRESS`,
  },
  startExecutionExpress: {
    service: 'Step Functions',
    name: 'StartExecution, EXPRESS',
    value: 6_000,
    bucket: 6_000,
    unit: 'calls/s',
    source: PAGES.stepFunctions,
    raise: SERVICE_QUOTAS,
  },
  transitions: {
    service: 'Step Functions',
    name: 'state transitions, STANDARD',
    value: 5_000,
    bucket: 5_000,
    unit: 'transitions/s',
    source: PAGES.stepFunctions,
    raise: `${SERVICE_QUOTAS}, or workflowType EXPRESS, which has no such quota`,
  },
  concurrency: {
    service: 'Lambda',
    name: 'concurrent executions, per account and Region',
    value: 1_000,
    unit: 'executions',
    source: PAGES.lambda,
    raise: `${SERVICE_QUOTAS}, or more memory where a function waits for its processor`,
  },
  scaling: {
    service: 'Lambda',
    name: 'new execution environments, per function',
    value: 100,
    unit: 'environments/s',
    source: PAGES.lambdaScaling,
    raise: 'nothing; provisioned concurrency avoids it',
  },
  pollersAtFirst: {
    service: 'Lambda',
    name: 'concurrent batches of an SQS event source, at first',
    value: 5,
    unit: 'batches',
    source: PAGES.lambdaSqs,
    raise: 'provisioned mode of the event source mapping',
  },
  pollerGrowth: {
    service: 'Lambda',
    name: 'growth of an SQS event source',
    value: 5,
    unit: 'batches/s',
    source: PAGES.lambdaSqs,
    raise: 'provisioned mode of the event source mapping',
  },
  pollers: {
    service: 'Lambda',
    name: 'concurrent batches of an SQS event source',
    value: 1_250,
    unit: 'batches',
    source: PAGES.lambdaSqs,
    raise: 'provisioned mode of the event source mapping, or a second queue',
  },
  newTableWrites: {
    service: 'DynamoDB',
    name: 'writes of a new on-demand table or index; then twice the last peak',
    value: 4_000,
    unit: 'units/s',
    source: PAGES.dynamoDbOnDemand,
    raise: 'warm throughput set on the table, or half an hour of rising traffic',
  },
  tableWrites: {
    service: 'DynamoDB',
    name: 'writes of an on-demand table, indexes apart',
    value: 40_000,
    unit: 'units/s',
    source: PAGES.dynamoDb,
    raise: SERVICE_QUOTAS,
  },
  partitionWrites: {
    service: 'DynamoDB',
    name: 'writes of one partition',
    value: 1_000,
    unit: 'units/s',
    source: PAGES.dynamoDb,
    raise: 'more shards: STATUS_SHARDS in libs/order-tables',
  },
  inFlight: {
    service: 'SQS',
    name: 'messages received and not yet deleted, standard queue',
    value: 120_000,
    unit: 'messages',
    source: PAGES.sqsQueues,
    raise: SERVICE_QUOTAS,
  },
} as const satisfies Record<string, Quota | BucketQuota>;

/** Limits of size: no rate meets them, an order's items do. Bytes. */
export const SIZE_LIMITS: readonly Quota[] = [
  {
    service: 'API Gateway',
    name: 'request body',
    value: 10_485_760,
    unit: 'bytes',
    source: PAGES.apiGateway,
    raise: NOTHING,
  },
  {
    service: 'Lambda',
    name: 'event or answer of a synchronous call',
    value: 6_291_456,
    unit: 'bytes',
    source: PAGES.lambda,
    raise: NOTHING,
  },
  {
    service: 'Step Functions',
    name: 'data of a state or execution',
    value: 262_144,
    unit: 'bytes',
    source: PAGES.stepFunctions,
    raise: NOTHING,
  },
  {
    service: 'SQS',
    name: 'message',
    value: 1_048_576,
    unit: 'bytes',
    source: PAGES.sqsMessages,
    raise: NOTHING,
  },
  {
    service: 'DynamoDB',
    name: 'item',
    value: 409_600,
    unit: 'bytes',
    source: PAGES.dynamoDb,
    raise: NOTHING,
  },
];
