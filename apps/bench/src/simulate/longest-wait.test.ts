import { describe, expect, it } from 'vitest';
import { longestWait } from './longest-wait.ts';

describe('the longest wait in a queue', () => {
  it('is nought where all leave in the second in which they join', () => {
    // Assess
    expect(longestWait([3, 0, 5], [3, 0, 5])).toBe(0);
  });

  it('is that of the first to leave after a standstill', () => {
    // Assess: the 10 of second 0 leave in second 4, those of second 1 in second 5
    expect(longestWait([10, 10, 0, 0, 0, 0], [0, 0, 0, 0, 10, 10])).toBe(4);
  });

  it('grows with a queue that leaves slower than it joins', () => {
    // Assess: the last two of second 1 leave in second 5
    expect(longestWait([6, 6, 0, 0, 0, 0], [2, 2, 2, 2, 2, 2])).toBe(4);
  });
});
