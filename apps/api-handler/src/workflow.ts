import type { WorkflowInput } from '@dofs/orders/workflow';

/** The `order-processing` state machine as the API needs it. */
export interface Workflow {
  /**
   * Starts the execution named by the input's order id.
   * @returns its ARN; `name-taken`: one of that name was started before with another input, or has ended (STANDARD)
   */
  start(input: WorkflowInput): Promise<Start>;

  /** The execution named by an order id, undefined where it isn't known (yet). STANDARD only. */
  find(orderId: string): Promise<FoundExecution | undefined>;

  /** The ARN that the execution of an order has. STANDARD only. */
  executionArn(orderId: string): string;
}

export type Start =
  { readonly kind: 'started'; readonly executionArn: string } | { readonly kind: 'name-taken' };

export interface FoundExecution {
  readonly executionArn: string;
  /** JSON text. */
  readonly input: string;
  readonly running: boolean;
}
