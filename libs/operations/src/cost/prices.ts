/**
 * AWS list prices in US East (N. Virginia), on demand, first tier, free tier left out, US dollars. One file, one
 * date: to bring it up to date, look every page up again and change both.
 */
export const PRICES = {
  region: 'us-east-1',
  /** When these figures were last compared with stored copies of the pages below, or with summaries of them. */
  asOf: '2026-11-23',
  perUnit: {
    /** REST API, first 333 million requests a month: $3.50 a million. */
    apiRequests: 3.5e-6,
    /** $0.20 a million. */
    invocations: 0.2e-6,
    /** arm64, first 7.5 billion GB-seconds a month. */
    lambdaGbSeconds: 0.0000133334,
    /** STANDARD: $0.025 a thousand. */
    transitions: 25e-6,
    /** EXPRESS: $1.00 a million. */
    executions: 1e-6,
    /** EXPRESS, first 1,000 GB-hours a month: $0.06 a GB-hour. */
    expressGbSeconds: 0.06 / 3600,
    /** On demand, standard table class: $0.625 a million. */
    writeUnits: 0.625e-6,
    /** $0.125 a million. */
    readUnits: 0.125e-6,
    /** Standard queue: $0.40 a million. */
    queueRequests: 0.4e-6,
    /** Standard log class, ingestion: $0.50 a GB. */
    logBytes: 0.5 / 1024 ** 3,
    /** Recorded, beyond the free 100,000 a month: $5.00 a million. */
    traces: 5e-6,
  },
  sources: {
    'API Gateway': 'https://aws.amazon.com/api-gateway/pricing/',
    Lambda: 'https://aws.amazon.com/lambda/pricing/',
    'Step Functions': 'https://aws.amazon.com/step-functions/pricing/',
    DynamoDB: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    SQS: 'https://aws.amazon.com/sqs/pricing/',
    'CloudWatch Logs': 'https://aws.amazon.com/cloudwatch/pricing/',
    'X-Ray': 'https://aws.amazon.com/xray/pricing/',
  },
  /** What an order also causes and is not in its price, because it depends on time or on the orders' rate. */
  leftOut: 'storage, backups, alarms, data transfer, X-Ray traces and the polling of empty queues',
} as const;
