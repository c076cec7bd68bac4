import { OperationError, type OperationErrorKind } from './operation-error.ts';

/** Something that may not be knowable here, and then why. */
export type Finding<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

export function found<T>(value: T): Finding<T> {
  return { known: true, value };
}

/**
 * What the look-up finds, or why it finds nothing: one part of a picture may lack (an emulator without alarms)
 * while the rest still helps.
 * @param fatal kinds of errors that are thrown nevertheless, because they would spoil every other part too
 * @throws OperationError of a fatal kind; whatever is no OperationError
 */
export async function findOut<T>(
  lookUp: () => Promise<T>,
  fatal: readonly OperationErrorKind[] = [],
): Promise<Finding<T>> {
  try {
    return found(await lookUp());
  } catch (error) {
    if (error instanceof OperationError && !fatal.includes(error.kind)) {
      return { known: false, why: error.message };
    }
    throw error;
  }
}
