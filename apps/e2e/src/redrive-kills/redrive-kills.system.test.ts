import { describe, expect, it } from 'vitest';
import { runRedriveKills } from './run-redrive-kills.ts';

describe('redrive of every failed order', { timeout: 240_000 }, () => {
  it('ends all of them FULFILLED by one attempt each, though killed at random moments', async () => {
    // Act
    const { runs, violations, fulfilled } = await runRedriveKills(
      { orders: 80, kills: 3, seed: 7 },
      () => undefined,
    );

    // Assess
    expect(violations).toEqual([]);
    expect(fulfilled).toBe(80);
    expect(runs.filter(({ wasKilled }) => wasKilled).length).toBeGreaterThan(0);
    expect(runs.at(-1)).toMatchObject({ wasKilled: false, status: 0 });
  });
});
