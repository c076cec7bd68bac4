/** The command line asks for something that can't be done; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The system can't start; the message is one line that names the setting. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
