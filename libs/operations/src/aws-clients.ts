import type { Target } from './target.ts';

/**
 * One place that says how this library talks to AWS. The clients themselves are loaded by the operations that
 * need them, so that a command pays only for its own.
 */
export interface ClientConfig {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Tries per call, the first included. */
  readonly maxAttempts: number;
  /** For one try, in milliseconds: by itself the SDK waits for ever. */
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/** The longest calls are long polls of a second and a search of logs, which pages after some seconds. */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;

export function clientConfig(target: Target): ClientConfig {
  return {
    ...(target.region === undefined ? {} : { region: target.region }),
    ...(target.awsEndpoint === undefined ? {} : { endpoint: target.awsEndpoint }),
    ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
    maxAttempts: 4,
    requestHandler: TIMEOUTS,
  };
}
