import type { EnvironmentConfig, ProjectConfig } from '../src/config/environment-config.ts';
import type { EnvironmentName } from '../src/config/environment-names.ts';
import type { OwnSettings } from '../src/config/read-settings.ts';

const PROJECT = {
  projectName: 'dofs',
  region: 'us-east-1',
  awsProviderVersion: '5.100.0',
  permissionsBoundary: true,
  githubRepository: 'owner/repository',
  githubAuthentication: 'connection',
  githubTokenParameter: '/github/personal-access-token',
  developBranch: 'develop',
  mainBranch: 'main',
  pushesStartPipelines: false,
  pipelineRetentionDays: 30,
} as const satisfies ProjectConfig;

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

const ENVIRONMENTS = {
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

/**
 * The settings as the repository ships them, which the README's table shows. Tests use these: whoever installs the
 * system edits `src/config/project.ts` and `src/config/environments.ts`, and that must break no test.
 */
export const SHIPPED: OwnSettings = { project: PROJECT, environments: ENVIRONMENTS };
