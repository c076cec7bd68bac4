/** The command line asks for something that can't be done; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
