import * as Type from 'typebox';

/**
 * Longest name or ARN of ours in a message or in a workflow's input, in characters: bounded, so that a row of
 * failed_orders, which holds three of each, always fits into an item.
 */
export const MAX_NAME_LENGTH = 1_024;
export const Name = Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH });
