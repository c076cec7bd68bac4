import type { EnvironmentConfig } from './environment-config.ts';
import type { EnvironmentName } from './environment-names.ts';

const COMMON = {
  lambdaRuntime: 'nodejs22.x',
  lambdaArchitecture: 'arm64',
  lambdaTimeoutSeconds: 10,
  fulfillmentTimeoutSeconds: 5,
  visibilityTimeoutSeconds: 30,
  maxReceiveCount: 3,
  orderQueueRetentionDays: 4,
  dlqRetentionDays: 14,
  queueBatchSize: 10,
  fulfillmentErrorRate: 0,
  stuckAfterSeconds: 900,
  maxRequeues: 3,
  sweepIntervalMinutes: 5,
  sweepTimeoutSeconds: 60,
  logLevel: 'INFO',
  pointInTimeRecovery: true,
  workflowType: 'STANDARD',
  apiAuthorization: 'NONE',
  alertEmail: '',
  kmsKeyArn: '',
  vpcSubnetIds: [],
  vpcSecurityGroupIds: [],
} satisfies Partial<EnvironmentConfig>;

/** The environments, as data. */
export const ENVIRONMENTS = {
  dev: {
    ...COMMON,
    lambdaMemorySize: 128,
    fulfillmentSuccessRate: 0.7,
    logRetentionDays: 14,
    deletionProtection: false,
    queueMaximumConcurrency: 10,
    throttlingRateLimit: 1000,
    throttlingBurstLimit: 2000,
  },
  staging: {
    ...COMMON,
    lambdaMemorySize: 128,
    fulfillmentSuccessRate: 0.7,
    logRetentionDays: 30,
    deletionProtection: false,
    queueMaximumConcurrency: 10,
    throttlingRateLimit: 1000,
    throttlingBurstLimit: 2000,
  },
  prod: {
    ...COMMON,
    lambdaMemorySize: 256,
    fulfillmentSuccessRate: 0.9,
    logRetentionDays: 365,
    deletionProtection: true,
    queueMaximumConcurrency: 50,
    throttlingRateLimit: 1000,
    throttlingBurstLimit: 2000,
  },
} as const satisfies Record<EnvironmentName, EnvironmentConfig>;
