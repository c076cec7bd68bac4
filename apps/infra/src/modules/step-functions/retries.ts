import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Retry } from './asl.ts';

interface RetrySpan {
  readonly maxAttempts: number;
  readonly maxDelaySeconds: number;
}

/**
 * How long a task is tried again. The delays double from `FIRST_DELAY_SECONDS`; full jitter halves them on average.
 * STANDARD: about two minutes on average, so that half a minute of total outage costs no order.
 * EXPRESS: an execution lives 5 minutes at most (AWS quota), and the failure branch must still fit in.
 */
const RETRY_SPANS: Record<EnvironmentConfig['workflowType'], RetrySpan> = {
  STANDARD: { maxAttempts: 12, maxDelaySeconds: 30 },
  EXPRESS: { maxAttempts: 10, maxDelaySeconds: 16 },
};
const FIRST_DELAY_SECONDS = 1;

/** Machinery, not business: worth another try. A refused order is never an exception. */
const TECHNICAL_ERRORS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'States.Timeout',
  'States.TaskFailed',
];

/** The error that the functions throw for an input that is no workflow input: no retry can mend it. */
export const MALFORMED_INPUT_ERROR = 'MalformedInputError';

/** The Retry field of every task. */
export function retriesFor(workflowType: EnvironmentConfig['workflowType']): readonly Retry[] {
  const { maxAttempts, maxDelaySeconds } = RETRY_SPANS[workflowType];
  return [
    { ErrorEquals: [MALFORMED_INPUT_ERROR], MaxAttempts: 0 },
    {
      ErrorEquals: TECHNICAL_ERRORS,
      IntervalSeconds: FIRST_DELAY_SECONDS,
      BackoffRate: 2,
      MaxAttempts: maxAttempts,
      MaxDelaySeconds: maxDelaySeconds,
      JitterStrategy: 'FULL',
    },
  ];
}
