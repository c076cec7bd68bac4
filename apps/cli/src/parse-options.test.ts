import { describe, expect, it } from 'vitest';
import { duration, share, timeAgo, url } from './parse-options.ts';

describe('values of options', () => {
  it.each([
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ])('takes %s as a duration', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['', '5', 'h', '-1h', '1w', 'soon'])('refuses "%s" as a duration', (text) => {
    expect(() => duration(text)).toThrow('unit');
  });

  it('takes a time as ISO 8601, as long ago, or as all', () => {
    // Act
    const hourAgo = Date.now() - Date.parse(timeAgo('1h') ?? '');

    // Assess
    expect(timeAgo('2026-03-01')).toBe('2026-03-01T00:00:00.000Z');
    expect(timeAgo('all')).toBeUndefined();
    expect(Math.abs(hourAgo - 3_600_000)).toBeLessThan(1000);
    expect(() => timeAgo('2026-13-01')).toThrow('no time');
  });

  it.each(['', ' ', '-0.1', '1.1', 'most'])('refuses "%s" as a share', (text) => {
    expect(() => share(text)).toThrow('0 to 1');
  });

  it('takes a URL without the slash at its end, and nothing else than http', () => {
    expect(url('http://127.0.0.1:3000/dev/')).toBe('http://127.0.0.1:3000/dev');
    expect(() => url('ftp://x')).toThrow('http');
    expect(() => url('127.0.0.1:3000')).toThrow('http');
  });
});
