/**
 * What each Lambda needs in its environment: the typed contract between the functions and the stack. The stack
 * builds each function's variables as `EnvironmentOf<...>`, so a variable that a function reads and the stack
 * doesn't set is a compile error.
 */
const COMMON = ['LOG_LEVEL', 'METRICS_NAMESPACE', 'ENVIRONMENT_NAME'] as const;

export const LAMBDA_ENVIRONMENTS = {
  'api-handler': [...COMMON, 'STATE_MACHINE_ARN', 'WORKFLOW_TYPE', 'ORDERS_TABLE_NAME'],
  validator: [...COMMON],
  'order-storage': [...COMMON, 'ORDERS_TABLE_NAME', 'FAILED_ORDERS_TABLE_NAME'],
  'fulfill-order': [
    ...COMMON,
    'ORDERS_TABLE_NAME',
    'FAILED_ORDERS_TABLE_NAME',
    'FULFILLMENT_SUCCESS_RATE',
    'FULFILLMENT_ERROR_RATE',
  ],
  'dlq-handler': [...COMMON, 'ORDERS_TABLE_NAME', 'FAILED_ORDERS_TABLE_NAME'],
  'stuck-order-sweep': [
    ...COMMON,
    'ORDERS_TABLE_NAME',
    'FAILED_ORDERS_TABLE_NAME',
    'ORDER_QUEUE_URL',
    'ORDER_DLQ_URL',
    'STATE_MACHINE_ARN',
    'WORKFLOW_TYPE',
    // An order that nothing has happened to for so long, in seconds, is stuck.
    'STUCK_AFTER_SECONDS',
    // How often the sweep queues an order again before it gives it up.
    'MAX_REQUEUES',
  ],
} as const satisfies Record<string, readonly string[]>;

export type LambdaName = keyof typeof LAMBDA_ENVIRONMENTS;
export type EnvironmentOf<Name extends LambdaName> = Record<
  (typeof LAMBDA_ENVIRONMENTS)[Name][number],
  string
>;

/** A function's environment lacks a variable that the function can't work without. */
export class MissingSettingError extends Error {
  override readonly name = 'MissingSettingError';
  readonly setting: string;
  constructor(setting: string) {
    super(`the environment variable ${setting} is not set`);
    this.setting = setting;
  }
}

/**
 * One variable of the environment.
 * @throws MissingSettingError if it is absent or empty
 */
export function requiredSetting(environment: NodeJS.ProcessEnv, setting: string): string {
  const value = environment[setting];
  if (value === undefined || value === '') {
    throw new MissingSettingError(setting);
  }
  return value;
}
