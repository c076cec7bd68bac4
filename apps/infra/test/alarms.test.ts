import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { resourcesOf } from '../src/rules/stack-json.ts';
import { synthesized } from './synthesized.ts';

const dev = synthesized({ DOFS_ENVIRONMENT: 'dev' });
afterAll(() => {
  dev.remove();
});
const json = dev.jsonOf('dofs-dev');

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: { readonly metric_name: string; readonly stat: string };
}

function alarm(
  name: string,
): Readonly<Record<string, unknown>> & { readonly metric_query: readonly Query[] } {
  const found = resourcesOf(json, 'aws_cloudwatch_metric_alarm').find(
    ({ args }) => args['alarm_name'] === `dofs-dev-${name}`,
  );
  return { metric_query: [], ...found?.args };
}

/** The functions of CloudWatch's metric math that we use: a missing number stays missing, but for FILL. */
const METRIC_MATH = {
  FILL: (value: number | undefined, fill: number) => value ?? fill,
  IF: (condition: boolean, value: number) => (condition ? value : undefined),
};

function valueOf(expression: string, data: Readonly<Record<string, number | undefined>>): unknown {
  return runInNewContext(expression, { ...METRIC_MATH, ...data });
}

describe('the alarms', () => {
  it.each([
    ['all orders are refused and nothing was ever fulfilled', { fulfilled: undefined, refused: 500 }, 0],
    ['none fails', { fulfilled: 500, refused: undefined }, 1],
    ['some fail', { fulfilled: 150, refused: 50 }, 0.75],
    ['there are too few orders to tell', { fulfilled: undefined, refused: 50 }, undefined],
  ])('know the success rate where %s', (_case, data, expected) => {
    // Act
    const { metric_query: queries, threshold } = alarm('success-rate');
    const expression = queries.find(({ id }) => id === 'result')?.expression ?? '';

    // Assess
    expect(valueOf(expression, data)).toBe(expected);
    expect(threshold).toBe(0.6);
  });

  it('count dead letters that stay, by number: SQS gives messages received so often no age', () => {
    // Act
    const { metric_query: queries, ...rest } = alarm('order-dlq-not-empty');

    // Assess
    expect(queries.map(({ metric }) => metric?.metric_name)).toEqual([
      undefined,
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
    ]);
    expect(queries.slice(1).map(({ metric }) => metric?.stat)).toEqual(['Maximum', 'Maximum']);
    expect(valueOf(queries[0]?.expression ?? '', { visible: undefined, in_flight: 2 })).toBe(2);
    expect(rest).toMatchObject({
      threshold: 0,
      evaluation_periods: 15,
      comparison_operator: 'GreaterThanThreshold',
    });
  });

  it('fire on the first dead letter that dlq-handler can not record', () => {
    expect(alarm('dead-letters-not-recorded')).toMatchObject({
      namespace: 'dofs',
      metric_name: 'DeadLettersNotRecorded',
      dimensions: { environment: 'dev' },
      threshold: 1,
    });
  });
});
