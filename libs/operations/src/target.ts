/** One environment of the system, as an operator addresses it. */
export interface Target {
  /** `dev` */
  readonly environment: string;
  /** Where the addresses come from, for people: `this machine (process 4711)`. */
  readonly origin: string;
  /** Base URL of the API, without a slash at its end; absent where only AWS is known. */
  readonly apiUrl?: string;
  /** Sent as x-api-key where the API asks for one. */
  readonly apiKey?: string;
  /** Whether requests to the API are signed, as AWS_IAM authorization asks for. */
  readonly signsRequests?: boolean;
  readonly region?: string;
  /** AWS endpoint; absent: AWS itself. */
  readonly awsEndpoint?: string;
  /** Credentials that the endpoint takes for an operator's; absent: those of the environment or profile. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly names: ResourceNames;
}

/** What the environment's resources are called. */
export interface ResourceNames {
  /** `dofs-dev`: every name begins with it. */
  readonly prefix: string;
  readonly ordersTable: string;
  readonly failedOrdersTable: string;
  readonly orderQueue: string;
  readonly orderDlq: string;
  readonly stateMachine: string;
  /** Absent: to be looked up by its name. */
  readonly stateMachineArn?: string;
}

/** The functions an order passes on its way, in that order. */
export const ORDER_FUNCTIONS = [
  'api-handler',
  'validator',
  'order-storage',
  'fulfill-order',
  'dlq-handler',
] as const;

/**
 * The names that follow from project and environment; the deployment's own outputs win where they say otherwise.
 * @param outputs Terraform outputs by name, or none
 */
export function resourceNames(
  project: string,
  environment: string,
  outputs: Readonly<Record<string, unknown>> = {},
): ResourceNames {
  const prefix = `${project}-${environment}`;
  const stateMachineArn = text(outputs['state_machine_arn']);
  return {
    prefix,
    ordersTable: text(outputs['orders_table_name']) ?? `${prefix}-orders`,
    failedOrdersTable: text(outputs['failed_orders_table_name']) ?? `${prefix}-failed-orders`,
    orderQueue: queueName(outputs['order_queue_url']) ?? `${prefix}-order-queue`,
    orderDlq: queueName(outputs['order_dlq_url']) ?? `${prefix}-order-dlq`,
    stateMachine: stateMachineArn?.split(':').at(-1) ?? `${prefix}-order-processing`,
    ...(stateMachineArn === undefined ? {} : { stateMachineArn }),
  };
}

function queueName(url: unknown): string | undefined {
  return text(url)?.split('/').at(-1);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
