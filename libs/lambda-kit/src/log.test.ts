import { describe, expect, it } from 'vitest';
import { createLog, errorFields, UnknownLogLevelError } from './log.ts';
import { countMetrics } from './metrics.ts';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');

function written(level = 'INFO') {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const now = () => NOW;
  return { lines, write, now, log: createLog({ level, fields: { function: 'f' }, write, now }) };
}

describe('the log', () => {
  it('writes one JSON object a line, with the fields of all its ancestors', () => {
    // Prepare
    const { lines, log } = written();

    // Act
    log.with({ correlation_id: 'c' }).with({ order_id: 'o' }).warn('two\nlines', { attempt: 1 });

    // Assess
    expect(lines).toEqual([
      '{"level":"WARN","timestamp":"2026-03-01T10:00:00.000Z","message":"two\\nlines","function":"f",' +
        '"correlation_id":"c","order_id":"o","attempt":1}',
    ]);
  });

  it.each([
    ['DEBUG', 4],
    ['info', 3],
    ['WARN', 2],
    ['ERROR', 1],
    ['SILENT', 0],
  ])('at level %s writes %d of four lines', (level, count) => {
    // Prepare
    const { lines, log } = written(level);

    // Act
    log.debug('d');
    log.info('i');
    log.warn('w');
    log.error('e');

    // Assess
    expect(lines).toHaveLength(count);
  });

  it('knows no other level', () => {
    // Act
    const create = () => written('LOUD');

    // Assess
    expect(create).toThrow(UnknownLogLevelError);
  });

  it('tells an error with its causes, and what is thrown instead of one', () => {
    // Prepare
    const error = new TypeError('outer', { cause: new RangeError('inner') });

    // Act
    const fields = [errorFields(error), errorFields('a string')];

    // Assess
    expect(fields).toEqual([
      {
        error_name: 'TypeError',
        error_message: 'outer',
        error_stack: error.stack,
        error_cause: expect.objectContaining({ error_name: 'RangeError', error_message: 'inner' }) as unknown,
      },
      { error_name: 'string', error_message: 'a string' },
    ]);
  });
});

describe('metrics', () => {
  it('are one line in embedded metric format for all counts, zeros too', () => {
    // Prepare
    const { lines, write, now } = written();
    const count = countMetrics({ namespace: 'dofs', environment: 'dev', write, now });

    // Act
    count({ OrdersFulfilled: 0, OrdersFailed: 3 });

    // Assess
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        _aws: {
          Timestamp: NOW,
          CloudWatchMetrics: [
            {
              Namespace: 'dofs',
              Dimensions: [['environment']],
              Metrics: [
                { Name: 'OrdersFulfilled', Unit: 'Count' },
                { Name: 'OrdersFailed', Unit: 'Count' },
              ],
            },
          ],
        },
        environment: 'dev',
        OrdersFulfilled: 0,
        OrdersFailed: 3,
      },
    ]);
  });

  it('are no line where there is nothing to count', () => {
    // Prepare
    const { lines, write, now } = written();
    const count = countMetrics({ namespace: 'dofs', environment: 'dev', write, now });

    // Act
    count({ OrdersFulfilled: 0 });

    // Assess
    expect(lines).toEqual([]);
  });
});
