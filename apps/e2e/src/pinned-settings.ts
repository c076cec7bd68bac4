/**
 * What the suites expect of the system that they start. An installation edits its own settings, and in CodeBuild they
 * come as variables; neither may change what a test sees.
 */
export const PINNED_NAMES = { DOFS_PROJECT_NAME: 'dofs', DOFS_REGION: 'us-east-1' };

/** As shipped for dev. A variable of the caller's goes first: `DOFS_WORKFLOW_TYPE=EXPRESS npx nx test @dofs/e2e`. */
export const PINNED_SETTINGS = {
  DOFS_LAMBDA_MEMORY_SIZE: '128',
  DOFS_LAMBDA_TIMEOUT_SECONDS: '10',
  DOFS_FULFILLMENT_TIMEOUT_SECONDS: '5',
  DOFS_VISIBILITY_TIMEOUT_SECONDS: '30',
  DOFS_MAX_RECEIVE_COUNT: '3',
  DOFS_QUEUE_BATCH_SIZE: '10',
  DOFS_QUEUE_MAXIMUM_CONCURRENCY: '10',
  DOFS_FULFILLMENT_SUCCESS_RATE: '0.7',
  DOFS_FULFILLMENT_ERROR_RATE: '0',
  DOFS_STUCK_AFTER_SECONDS: '900',
  DOFS_LOG_LEVEL: 'INFO',
  DOFS_WORKFLOW_TYPE: 'STANDARD',
  DOFS_THROTTLING_RATE_LIMIT: '1000',
  DOFS_THROTTLING_BURST_LIMIT: '2000',
  DOFS_API_AUTHORIZATION: 'NONE',
  DOFS_KMS_KEY_ARN: '',
  DOFS_VPC_SUBNET_IDS: '',
  DOFS_VPC_SECURITY_GROUP_IDS: '',
};
