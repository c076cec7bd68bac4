import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Retry } from './asl.ts';

interface RetrySpan {
  readonly maxAttempts: number;
  /** Of tasks that use up their time before they fail. */
  readonly maxAttemptsAfterTimeout: number;
  readonly maxDelaySeconds: number;
}

/**
 * How long a task is tried again. The delays double from `FIRST_DELAY_SECONDS`; full jitter halves them on average.
 * STANDARD: about two minutes on average, so that half a minute of total outage costs no order.
 * EXPRESS: an execution lives 5 minutes at most (AWS: "Quotas in Step Functions"), and the failure branch must still
 * fit in, also where each try lasts as long as it may.
 */
const RETRY_SPANS: Record<EnvironmentConfig['workflowType'], RetrySpan> = {
  STANDARD: { maxAttempts: 12, maxAttemptsAfterTimeout: 12, maxDelaySeconds: 30 },
  EXPRESS: { maxAttempts: 10, maxAttemptsAfterTimeout: 3, maxDelaySeconds: 16 },
};
const FIRST_DELAY_SECONDS = 1;

/** The task's own time, and the function's (AWS: "Handling errors in Step Functions workflows"). */
const TIMEOUTS = ['States.Timeout', 'Sandbox.Timedout'];

/** Machinery, not business: worth another try. A refused order is never an exception. */
const TECHNICAL_ERRORS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'States.TaskFailed',
];

/** The error that the functions throw for an input that is no workflow input: no retry can mend it. */
export const MALFORMED_INPUT_ERROR = 'MalformedInputError';

/** The Retry field of every task. */
export function retriesFor(workflowType: EnvironmentConfig['workflowType']): readonly Retry[] {
  const { maxAttempts, maxAttemptsAfterTimeout, maxDelaySeconds } = RETRY_SPANS[workflowType];
  const backoff = {
    IntervalSeconds: FIRST_DELAY_SECONDS,
    BackoffRate: 2,
    MaxDelaySeconds: maxDelaySeconds,
    JitterStrategy: 'FULL',
  } as const;
  return [
    { ErrorEquals: [MALFORMED_INPUT_ERROR], MaxAttempts: 0 },
    { ErrorEquals: TIMEOUTS, MaxAttempts: maxAttemptsAfterTimeout, ...backoff },
    { ErrorEquals: TECHNICAL_ERRORS, MaxAttempts: maxAttempts, ...backoff },
  ];
}
