import { Check, Errors } from 'typebox/schema';
import { isUuid } from './order-id.ts';
import { StorageRequest, WorkflowInput } from './workflow.ts';

/** What a workflow handed to a function isn't what ours hands over: an execution that was started by hand. */
export class MalformedInputError extends Error {
  override readonly name = 'MalformedInputError';
}

/** @throws MalformedInputError */
export function parseWorkflowInput(value: unknown): WorkflowInput {
  if (!Check(WorkflowInput, value)) {
    throw malformed('workflow input', WorkflowInput, value);
  }
  requireOrderId(value.order_id);
  return value;
}

/** @throws MalformedInputError */
export function parseStorageRequest(value: unknown): StorageRequest {
  if (!Check(StorageRequest, value)) {
    throw malformed('storage request', StorageRequest, value);
  }
  requireOrderId(value.order_id);
  if (Number.isNaN(Date.parse(value.created_at))) {
    throw new MalformedInputError('the storage request is malformed: /created_at is no time');
  }
  return value;
}

function malformed(what: string, schema: typeof WorkflowInput | typeof StorageRequest, value: unknown) {
  const [, [violation]] = Errors(schema, value);
  const where = violation?.instancePath || 'as a whole it';
  return new MalformedInputError(`the ${what} is malformed: ${where} ${violation?.message ?? ''}`);
}

function requireOrderId(orderId: string): void {
  if (!isUuid(orderId)) {
    throw new MalformedInputError('the order_id of the workflow is not a UUID');
  }
}
