/** Longest failure reason that is kept, in characters: a Cause may hold a whole stack trace. */
export const MAX_REASON_LENGTH = 1_000;

/** A failure reason as it is stored, sent and logged. */
export function shortReason(reason: string): string {
  return reason.slice(0, MAX_REASON_LENGTH);
}
