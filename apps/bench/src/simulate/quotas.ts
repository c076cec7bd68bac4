/**
 * AWS's default quotas that this design can meet, as data. New accounts may have less; Service Quotas shows an
 * account's own. Values hold in every Region unless `differs` says otherwise.
 */

const PAGES = {
  apiGateway: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  lambda: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  lambdaConcurrency: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html',
  lambdaScaling: 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html',
  lambdaSqs: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  stepFunctions: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  dynamoDb: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
  dynamoDbOnDemand:
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  sqsQueues: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html',
} as const;

/** The day on which the values were last looked up (in stored copies of the pages). */
export const QUOTAS_AS_OF = '2026-11-26';

export interface Quota {
  readonly service: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What a full bucket of tokens holds; the value refills it, each second. Without it: no bucket. */
  readonly bucket?: number;
  /** Regions with another value. */
  readonly differs?: { readonly regions: readonly string[]; readonly value: number; readonly bucket: number };
  readonly source: string;
  /** What raises it, or that nothing does. */
  readonly raise: string;
}

const SERVICE_QUOTAS = 'a request in Service Quotas';

/** US East (N. Virginia), US West (Oregon), Europe (Ireland). */
const LARGE_REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];

/** Cape Town, Milan, Jakarta, UAE, Hyderabad, Melbourne, Spain, Zurich, Tel Aviv, Calgary, Malaysia, Thailand, Mexico. */
const REGIONS_OF_SMALL_APIS = [
  'af-south-1',
  'eu-south-1',
  'ap-southeast-3',
  'me-central-1',
  'ap-south-2',
  'ap-southeast-4',
  'eu-south-2',
  'eu-central-2',
  'il-central-1',
  'ca-west-1',
  'ap-southeast-5',
  'ap-southeast-7',
  'mx-central-1',
];

export const QUOTAS = {
  apiRequests: {
    service: 'API Gateway',
    name: 'requests, per account and Region',
    value: 10_000,
    bucket: 5_000,
    differs: { regions: REGIONS_OF_SMALL_APIS, value: 2_500, bucket: 1_250 },
    unit: 'requests/s',
    source: PAGES.apiGateway,
    raise: SERVICE_QUOTAS,
  },
  startExecutionStandard: {
    service: 'Step Functions',
    name: 'StartExecution, STANDARD',
    value: 150,
    bucket: 800,
    differs: { regions: LARGE_REGIONS, value: 300, bucket: 1_300 },
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
    value: 800,
    bucket: 800,
    differs: { regions: LARGE_REGIONS, value: 5_000, bucket: 5_000 },
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
  lambdaRequests: {
    service: 'Lambda',
    name: 'requests of all functions, for each concurrent execution of the quota',
    value: 10,
    unit: 'requests/s',
    source: PAGES.lambdaConcurrency,
    raise: `the quota of concurrent executions: ${SERVICE_QUOTAS}`,
  },
  scaling: {
    service: 'Lambda',
    name: 'new execution environments, per function',
    value: 100,
    unit: 'environments/s',
    source: PAGES.lambdaScaling,
    raise: 'nothing; provisioned concurrency avoids it',
  },
  scalingRequests: {
    service: 'Lambda',
    name: 'growth of the requests that a function takes',
    value: 1_000,
    unit: 'requests/s, each second',
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
    name: 'writes while new; then twice the last peak',
    value: 4_000,
    unit: 'units/s',
    source: PAGES.dynamoDbOnDemand,
    raise: 'warm throughput set on the table, or half an hour of rising traffic',
  },
  tableWrites: {
    service: 'DynamoDB',
    name: 'writes of an on-demand table or index',
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
} as const satisfies Record<string, Quota>;

export type QuotaName = keyof typeof QUOTAS;
export type Quotas = Readonly<Record<QuotaName, Quota>>;
