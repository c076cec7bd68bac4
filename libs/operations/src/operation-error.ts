/**
 * What can go wrong between an operator and a system, as kinds that a presentation can act on (an exit status, a
 * colour, a button).
 */
export type OperationErrorKind =
  /** What was named isn't there: an order, a stack, a table, a queue. */
  | 'not-found'
  /** Nothing answers at the address, or nothing runs. */
  | 'unreachable'
  /** No credentials, expired ones, or ones that don't allow the call. */
  | 'credentials'
  | 'throttled'
  /** The API answered, and said no. */
  | 'refused'
  /** Something didn't happen in the time that it was given. */
  | 'timeout'
  /** The service failed, or answered something that can't be understood. */
  | 'service';

/** An error for people: one line of what happened, one of what to do next. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly kind: OperationErrorKind;
  /** What to do next, as a sentence without its full stop. */
  readonly hint: string;
  constructor(kind: OperationErrorKind, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.hint = hint;
  }
}
