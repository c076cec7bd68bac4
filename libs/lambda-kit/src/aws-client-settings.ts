export interface ClientSettings {
  /** First try included. */
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Settings of an AWS SDK client in a function of a few seconds' timeout: a call that hangs is given up and tried
 * again while there is time, instead of eating the whole invocation. Connections are kept alive, as the SDK does
 * by default.
 * @param timeoutMs for one try, in milliseconds
 */
export function clientSettings(timeoutMs: number): ClientSettings {
  return {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 500, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  };
}
