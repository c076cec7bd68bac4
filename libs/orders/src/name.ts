import * as Type from 'typebox';

/**
 * A name or ARN of ours in a message or in a workflow's input: bounded, so that a row of failed_orders, which holds
 * three of each, always fits into an item.
 */
export const Name = Type.String({ minLength: 1, maxLength: 1_024 });
