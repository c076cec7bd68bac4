import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutOfTimeError, processBatch } from './sqs-batch.ts';
import { sqsRecord } from './testing/sqs-records.ts';

describe('a batch', () => {
  it('reports exactly the records that failed, in any mixture', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('works', 'rejects', 'throws'), { maxLength: 10 }),
        async (fates) => {
          // Prepare
          const records = fates.map((fate, index) => sqsRecord(`${index}`, fate));
          const seen: string[] = [];
          const failed: string[] = [];

          // Act
          const answer = await processBatch(records, 100_000, {
            handle: ({ body, messageId }) => {
              seen.push(messageId);
              if (body === 'throws') {
                throw new Error('at once');
              }
              return body === 'works' ? Promise.resolve() : Promise.reject(new Error('later'));
            },
            onFailure: ({ messageId }) => failed.push(messageId),
          });

          // Assess
          const expected = fates.flatMap((fate, index) => (fate === 'works' ? [] : [`${index}`]));
          expect(seen).toHaveLength(fates.length);
          expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(expected);
          expect(failed.toSorted()).toEqual(expected.toSorted());
        },
      ),
    );
  });

  it('gives up a record that hangs, shortly before the time of the function runs out', async () => {
    // Prepare
    const errors: unknown[] = [];
    const started = performance.now();

    // Act
    const answer = await processBatch([sqsRecord('hangs', ''), sqsRecord('works', 'ok')], 400, {
      handle: ({ body }) => (body === 'ok' ? Promise.resolve() : new Promise(() => undefined)),
      onFailure: (_record, error) => errors.push(error),
    });

    // Assess
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'hangs' }]);
    expect(errors).toEqual([expect.any(OutOfTimeError)]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  });
});
