import { InvalidArgumentError } from 'commander';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `15m`, `2h`, `7d` -> milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (match === null) {
    throw new InvalidArgumentError('Give a number and a unit, such as 90s, 15m, 2h or 7d.');
  }
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/**
 * A time: how long ago (`2h`), or ISO 8601 (`2026-03-01`, `2026-03-01T10:00:00Z`).
 * @returns ISO 8601; undefined for `all`
 */
export function timeAgo(text: string): string | undefined {
  if (text === 'all') {
    return undefined;
  }
  if (/^\d{4}-/.test(text)) {
    const time = Date.parse(text);
    if (Number.isNaN(time)) {
      throw new InvalidArgumentError('This is no time that exists.');
    }
    return new Date(time).toISOString();
  }
  return new Date(Date.now() - duration(text)).toISOString();
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('Give a whole number of at least 1.');
  }
  return value;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('Give a number above 0.');
  }
  return value;
}

/** A share, 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('Give a number from 0 to 1.');
  }
  return value;
}

/** Repeatable. */
export function collect(text: string, sofar: readonly string[] = []): readonly string[] {
  return [...sofar, text];
}

export function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new InvalidArgumentError('Give a URL that begins with http:// or https://.');
  }
  return text.replace(/\/+$/, '');
}
