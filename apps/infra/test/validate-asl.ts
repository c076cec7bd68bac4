import aslValidator from 'asl-validator';

/** What asl-validator finds wrong with a state machine; empty if nothing. */
export function validateAsl(definition: unknown): string {
  const validation = aslValidator(definition);
  return validation.isValid ? '' : validation.errorsText('\n');
}
