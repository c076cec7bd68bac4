/** What a consumer's answer says about its batch. */
export type BatchVerdict =
  /** Ids of the messages that are to come again; all others are done. */
  | { readonly kind: 'processed'; readonly failed: ReadonlySet<string> }
  /** The whole batch is to come again. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Reads a partial batch response by Lambda's rules: nothing, an empty object and an empty or null list mean that
 * all went well; anything that doesn't name messages of the batch means that nothing did.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @param payload the function's answer as JSON text
 * @param messageIds those of the batch
 */
export function readBatchAnswer(payload: string, messageIds: ReadonlySet<string>): BatchVerdict {
  const answer = JSON.parse(payload) as unknown;
  if (answer === null) {
    return { kind: 'processed', failed: new Set() };
  }
  if (typeof answer !== 'object' || Array.isArray(answer)) {
    return { kind: 'failed', reason: 'the answer is no object' };
  }
  const { batchItemFailures } = answer as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) {
    return { kind: 'processed', failed: new Set() };
  }
  if (!Array.isArray(batchItemFailures)) {
    return { kind: 'failed', reason: 'batchItemFailures is no list' };
  }
  return readFailures(batchItemFailures, messageIds);
}

function readFailures(failures: readonly unknown[], messageIds: ReadonlySet<string>): BatchVerdict {
  const failed = new Set<string>();
  for (const failure of failures) {
    const id =
      failure !== null && typeof failure === 'object' && 'itemIdentifier' in failure
        ? failure.itemIdentifier
        : undefined;
    if (typeof id !== 'string' || !messageIds.has(id)) {
      return { kind: 'failed', reason: `${JSON.stringify(failure)} names no message of the batch` };
    }
    failed.add(id);
  }
  return { kind: 'processed', failed };
}
