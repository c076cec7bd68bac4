import type { Log } from '@dofs/lambda-kit/log';
import { parseWorkflowInput } from '@dofs/orders/parse-workflow';
import type { ValidationResult } from '@dofs/orders/workflow';
import { validate } from './validate.ts';

export type ValidatorHandler = (event: unknown) => Promise<ValidationResult>;

/**
 * ValidateOrder. A broken business rule is an answer, not an error.
 * @throws (the handler) MalformedInputError if the execution's input isn't one of ours: somebody started it by hand
 */
export function createHandler({ log }: { readonly log: Log }): ValidatorHandler {
  return async (event) => {
    const { order_id, correlation_id, order } = parseWorkflowInput(event);
    const result = validate(order);
    log.info('order validated', { order_id, correlation_id, valid: result.valid });
    return Promise.resolve(result);
  };
}
