/** What the engines offer each other; everything else about them is their own. */

import type { Principal } from './service-call.ts';

export interface InvokeResult {
  /** The handler's answer or, with `functionError`, `{errorType, errorMessage, trace?}`, as JSON text. */
  readonly payload: string;
  /** `Unhandled` as on AWS: thrown, timed out, exited or out of memory. */
  readonly functionError?: 'Unhandled';
  /** Milliseconds as Lambda would bill them. */
  readonly billedMs: number;
  readonly requestId: string;
  /** The last 4 KB of what the invocation logged; absent where the runner keeps no logs. */
  readonly logTail?: string;
}

/** Runs a stack's functions. */
export interface FunctionRunner {
  /**
   * Invokes and waits for the answer.
   * @param functionArn the ARN or the name
   * @param payload the event as JSON text
   * @throws AwsError ResourceNotFoundException, TooManyRequestsException (reserved concurrency used up),
   *   RequestTooLargeException (over 6 MB)
   */
  invoke(functionArn: string, payload: string): Promise<InvokeResult>;
}

/** Takes the lines that functions, state machines and API stages log. */
export interface LogSink {
  /** Events of one log stream, in order; `timestamp` in epoch milliseconds. */
  append(
    logGroupName: string,
    logStreamName: string,
    events: readonly { timestamp: number; message: string }[],
  ): void;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Gives functions the credentials by which the AWS endpoint knows who calls. */
export interface CredentialIssuer {
  /** The same principal always gets the same credentials, within one run and across runs. */
  credentialsFor(principal: Principal): Credentials;
}
