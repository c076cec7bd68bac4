import { describe, expect, it } from 'vitest';
import { soonAfterStop } from './soon.ts';

describe('a look-up when Ctrl-C is pressed', () => {
  it('may still give what it finds', async () => {
    // Assess
    await expect(soonAfterStop(AbortSignal.abort(), 60_000, Promise.resolve(1))).resolves.toBe(1);
  });

  it('is given up after the grace', async () => {
    // Prepare
    const stop = new AbortController();
    const lookUp = soonAfterStop(stop.signal, 5, new Promise<number>(() => undefined));

    // Act
    stop.abort();

    // Assess
    await expect(lookUp).rejects.toMatchObject({ kind: 'timeout' });
  });
});
