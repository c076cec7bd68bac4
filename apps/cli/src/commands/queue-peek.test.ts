import { describe, expect, it } from 'vitest';
import { summaryOf } from './queue-peek.ts';

const depth = { queue: 'dlq', visible: 0, inFlight: 0, delayed: 0 };
const message = { messageId: 'm', body: '{}', sentAt: '2026-03-01T10:00:00.000Z', receiveCount: 1 };
const LIMIT = 20;

describe('a look at the dead letter queue', () => {
  it.each([
    ['is empty', depth, 0, /^dlq is empty$/],
    [
      'is not empty while a consumer holds the messages',
      { ...depth, inFlight: 10 },
      0,
      /^dlq: 0 of 10; 0 visible, 10 in flight: a consumer holds them\..*dlq-handler$/,
    ],
    [
      'counts what a consumer holds',
      { ...depth, visible: 2, inFlight: 3 },
      2,
      /^dlq: 2 of 5; 2 visible, 3 in/,
    ],
    ['shows all of it', { ...depth, visible: 2 }, 2, /^dlq: 2 of 2$/],
    [
      'says how many more there are',
      { ...depth, visible: 50 },
      LIMIT,
      /^dlq: 20 of 50 \(--limit shows more\)$/,
    ],
    ['counts what an approximate depth missed', depth, 1, /^dlq: 1 of 1$/],
  ])('%s', (_, seen, shown, expected) => {
    // Act
    const summary = summaryOf({ depth: seen, messages: Array.from({ length: shown }, () => message) }, LIMIT);

    // Assess
    expect(summary).toMatch(expected);
  });
});
