import { PassThrough } from 'node:stream';
import { found } from '@dofs/operations/finding';
import type { QueueDepth } from '@dofs/operations/queues';
import { describe, expect, it, vi } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { statusLines } from './status.ts';

const RED = '\u001b[31m';
const unknown = { known: false, why: 'not asked' } as const;

function linesOf(queues: readonly QueueDepth[]): readonly string[] {
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  return statusLines({ stdout, json: false } as unknown as Terminal, {
    environment: 'dev',
    at: '2026-03-01T10:00:00.000Z',
    countedFrom: null,
    counts: unknown,
    lastHour: unknown,
    oldestProcessing: unknown,
    queues: found(queues),
    queueAges: unknown,
    failedExecutions: unknown,
    alarms: unknown,
  });
}

describe('the health at a glance', () => {
  it.each([
    ['waits', { visible: 1, inFlight: 0, delayed: 0 }, true],
    ['is held by a consumer', { visible: 0, inFlight: 1, delayed: 0 }, true],
    ['is none', { visible: 0, inFlight: 0, delayed: 0 }, false],
  ])('marks the dead letter queue where a message %s', (_, depth, isMarked) => {
    // Prepare: whatever whoever runs the tests has set
    for (const variable of ['NO_COLOR', 'NODE_DISABLE_COLORS', 'FORCE_COLOR']) {
      vi.stubEnv(variable, undefined);
    }

    // Act
    const line = linesOf([{ queue: 'dofs-dev-order-dlq', ...depth }]).find((text) =>
      text.startsWith('dead letter queue'),
    );
    vi.unstubAllEnvs();

    // Assess
    expect(line?.includes(RED)).toBe(isMarked);
  });
});
