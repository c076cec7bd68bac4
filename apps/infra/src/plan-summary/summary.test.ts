import { describe, expect, it } from 'vitest';
import { summaryOf } from './summary.ts';

const change = (address: string, ...actions: string[]) => ({ address, change: { actions } });

describe('the summary of a plan', () => {
  it('counts, and names what is lost before what is made', () => {
    // Act
    const summary = summaryOf({
      resource_changes: [
        change('aws_sqs_queue.new', 'create'),
        change('aws_sns_topic.same', 'no-op'),
        change('aws_lambda_function.code', 'update'),
        change('aws_dynamodb_table.orders', 'delete', 'create'),
        change('aws_sqs_queue.old', 'delete'),
      ],
    });

    // Assess
    expect(summary).toBe(
      '1 to make, 1 to change, 1 to replace, 1 to destroy. DESTROY aws_sqs_queue.old; ' +
        'REPLACE aws_dynamodb_table.orders; change aws_lambda_function.code; make aws_sqs_queue.new',
    );
  });

  it('says so when there is nothing to do', () => {
    expect(summaryOf({})).toBe('0 to make, 0 to change, 0 to replace, 0 to destroy.');
  });

  it('fits into an approval', () => {
    // Act
    const summary = summaryOf({
      resource_changes: Array.from({ length: 100 }, (_, index) =>
        change(`aws_sqs_queue.queue_${index}`, 'create'),
      ),
    });

    // Assess
    expect(summary).toHaveLength(1000);
    expect(summary).toMatch(/^100 to make.*\.\.\.$/);
  });
});
