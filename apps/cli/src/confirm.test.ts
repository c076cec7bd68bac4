import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from './command-context.ts';
import { confirmed } from './confirm.ts';
import type { Terminal } from './terminal.ts';

/** Answers the question with these keys, then ends the input as Ctrl-D does. */
function answering(keys: string): CommandContext {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(keys);
  const terminal = { stdin, stderr: new PassThrough(), json: false } as unknown as Terminal;
  return {
    terminal,
    stop: new AbortController().signal,
    target: () => Promise.reject(new TypeError('not asked for')),
  };
}

describe('a confirmation', () => {
  it.each([
    ['y\n', true],
    ['yes\n', true],
    ['n\n', false],
    ['\n', false],
    ['', false],
  ])('answered with %j is %s', async (keys, expected) => {
    expect(await confirmed(answering(keys), 'Redrive 2 orders?')).toBe(expected);
  });
});
