import type { FunctionFailure } from './worker-messages.ts';

/** Longest answer of a function, in bytes (Lambda quotas: 6 MB, and Lambda's own envelope). */
const LONGEST_ANSWER_BYTES = 6_291_556;

/** How an invocation ended. */
export interface Outcome {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  /** Set where the worker is of no more use. */
  readonly status?: 'timeout' | 'error';
}

export function answered(payload: string): Outcome {
  if (Buffer.byteLength(payload) > LONGEST_ANSWER_BYTES) {
    return failed({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${LONGEST_ANSWER_BYTES} bytes).`,
    });
  }
  return { payload };
}

export function failed(failure: FunctionFailure): Outcome {
  return { payload: JSON.stringify(failure), functionError: 'Unhandled' };
}

/** @param at epoch milliseconds */
export function timedOut(requestId: string, at: number, timeoutMs: number): Outcome {
  return {
    ...failed({
      errorType: 'Sandbox.Timedout',
      errorMessage: timeoutText(requestId, at, timeoutMs),
    }),
    status: 'timeout',
  };
}

export function timeoutText(requestId: string, at: number, timeoutMs: number): string {
  return `${new Date(at).toISOString()} ${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
}

/** The worker ended by `process.exit` or by being stopped. */
export function exited(requestId: string, exitCode: number): Outcome {
  const how =
    exitCode === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: exit status ${exitCode}`;
  return {
    ...failed({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${how}` }),
    status: 'error',
  };
}

export function outOfMemory(requestId: string): Outcome {
  return {
    ...failed({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    }),
    status: 'error',
  };
}
