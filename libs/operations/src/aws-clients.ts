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
}

export function clientConfig(target: Target): ClientConfig {
  return {
    ...(target.region === undefined ? {} : { region: target.region }),
    ...(target.awsEndpoint === undefined ? {} : { endpoint: target.awsEndpoint }),
    ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
    maxAttempts: 4,
  };
}
