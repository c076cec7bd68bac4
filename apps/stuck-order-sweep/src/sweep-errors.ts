import { errorFields, type LogFields } from '@dofs/lambda-kit/log';

/** A job has used up its share of the run before it was through. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  constructor(what: string) {
    super(`not all ${what} were looked at: raise sweepTimeoutSeconds`);
  }
}

/** What went wrong with one order (the cause), and which one it is. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
  readonly ids: LogFields;
  constructor(ids: LogFields, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.ids = ids;
  }
}

/** An error of the sweep as fields of a log line: with the ids of the order that it is about, if it is about one. */
export function sweepErrorFields(error: unknown): LogFields {
  return error instanceof EntryError ? { ...error.ids, ...errorFields(error.cause) } : errorFields(error);
}
