/** Names under which Step Functions and DynamoDB refuse a call that would be welcome later. */
const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ExecutionLimitExceeded',
  'ProvisionedThroughputExceededException',
  // StartExecution, where the state machine has a customer-managed key.
  'KmsThrottlingException',
]);

/** Whether a service refused a call only because there were too many of them. */
export function isThrottle(error: unknown): boolean {
  return error instanceof Error && THROTTLES.has(error.name);
}
