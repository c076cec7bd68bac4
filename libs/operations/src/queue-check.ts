import type { Check } from './load-report.ts';
import { messagesIn, type QueueDepth } from './queues.ts';

/** A queue when a test has ended, and what was in it before the test. */
export interface QueueReading extends QueueDepth {
  readonly isDeadLetterQueue: boolean;
  /** Messages in it, in whatever state. */
  readonly before: number;
}

/**
 * Judges the queues after a test. No dead letter may be there at all. The order queue may hold messages of others,
 * where an environment has traffic of its own, but not more than before.
 */
export function queueCheck(queues: readonly QueueReading[]): Check {
  const wrong = queues.filter(isNotAtRest);
  return {
    name: 'the queues came to rest',
    passed: wrong.length === 0,
    detail: (wrong.length === 0 ? queues : wrong).map(described).join(', '),
  };
}

/** Whether a queue holds what it should not hold after a test. */
export function isNotAtRest(queue: QueueReading): boolean {
  return messagesIn(queue) > (queue.isDeadLetterQueue ? 0 : queue.before);
}

function described(queue: QueueReading): string {
  const before = queue.before === 0 ? '' : `, ${queue.before} before`;
  return `${queue.isDeadLetterQueue ? 'dead letters' : 'orders waiting'}: ${messagesIn(queue)}${before}`;
}
