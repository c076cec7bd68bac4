import { brokenRule, totalQuantity } from '@dofs/orders/order-rules';
import type { OrderRequest } from '@dofs/orders/order-request';
import type { ValidationResult } from '@dofs/orders/workflow';

/** Holds an order against the business rules. */
export function validate(order: OrderRequest): ValidationResult {
  const total = totalQuantity(order);
  const reason = brokenRule(order);
  return reason === undefined
    ? { valid: true, total_quantity: total }
    : { valid: false, total_quantity: total, reason };
}
