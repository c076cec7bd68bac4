/**
 * Polls until the condition holds.
 * @param deadlineMs how long at the most, in milliseconds
 * @throws the condition's last error, or one that shows the last value seen
 */
export async function eventually<T>(
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  deadlineMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (holds(value)) {
      return value;
    }
    if (performance.now() > deadline) {
      throw new Error(`after ${deadlineMs} ms still: ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
