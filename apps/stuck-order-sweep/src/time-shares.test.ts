import { expect, it } from 'vitest';
import { OutOfTimeError } from './sweep-errors.ts';
import { timeShares } from './time-shares.ts';

/** A run of 60 s, of which so much has gone by. */
function run() {
  const clock = { usedMs: 0 };
  return { clock, beginShare: timeShares({ getRemainingTimeInMillis: () => 60_000 - clock.usedMs }) };
}

it('gives three jobs that use up their shares a third each of what is not kept for the end', () => {
  // Prepare
  const { clock, beginShare } = run();
  const ends: number[] = [];

  // Act
  for (const share of [1 / 3, 1 / 2, 1]) {
    const checkTime = beginShare(share, 'orders');
    for (const isOver = throws(checkTime); !isOver(); clock.usedMs += 100);
    ends.push(clock.usedMs);
  }

  // Assess
  expect(ends).toEqual([15_000, 30_000, 45_000]);
});

it('leaves what quick jobs did not need to the last one', () => {
  // Prepare
  const { clock, beginShare } = run();
  beginShare(1 / 3, 'orders');
  beginShare(1 / 2, 'orders');

  // Act
  const isOver = throws(beginShare(1, 'orders'));

  // Assess
  clock.usedMs = 44_900;
  expect(isOver()).toBe(false);
  clock.usedMs = 45_000;
  expect(isOver()).toBe(true);
});

function throws(checkTime: () => void): () => boolean {
  return () => {
    try {
      checkTime();
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfTimeError);
      return true;
    }
  };
}
