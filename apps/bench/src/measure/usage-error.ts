/** Wrong use of the command line; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
