import { requiredSetting } from './environment.ts';
import { createLog, writeToStdout, type Log } from './log.ts';
import { countMetrics, type CountMetrics } from './metrics.ts';

export interface FunctionBasics {
  readonly log: Log;
  readonly countMetrics: CountMetrics;
  /** The time, ISO 8601, UTC, milliseconds. */
  readonly now: () => string;
}

/**
 * What every function needs, from its environment.
 * @param functionName on every log line: `fulfill-order`
 * @throws MissingSettingError, UnknownLogLevelError
 */
export function functionBasics(functionName: string, environment: NodeJS.ProcessEnv): FunctionBasics {
  const clock = { write: writeToStdout, now: Date.now };
  return {
    log: createLog({
      level: requiredSetting(environment, 'LOG_LEVEL'),
      fields: { function: functionName },
      ...clock,
    }),
    countMetrics: countMetrics({
      namespace: requiredSetting(environment, 'METRICS_NAMESPACE'),
      environment: requiredSetting(environment, 'ENVIRONMENT_NAME'),
      ...clock,
    }),
    now: () => new Date().toISOString(),
  };
}
