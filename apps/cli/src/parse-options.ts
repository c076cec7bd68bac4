import { isUuid } from '@dofs/orders/order-id';
import { InvalidArgumentError } from 'commander';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export interface OrderItem {
  readonly product_id: string;
  readonly quantity: number;
}

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

/** A time for `timeAgo`, checked and left as it is: `2h` is long ago from when it is used. */
export function time(text: string): string {
  timeAgo(text);
  return text;
}

/** A name as resources carry it in theirs: `dev`, `my-project`. */
export function name(text: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(text)) {
    throw new InvalidArgumentError('Give a name of lower-case letters, digits and hyphens.');
  }
  return text;
}

/** The id of an order, or `message-...`, under which a message that names no order is kept. */
export function orderId(text: string): string {
  if (!isUuid(text) && !/^message-[\w.-]+$/.test(text)) {
    throw new InvalidArgumentError('An order id is a UUID, such as 1fd383a0-edef-4555-b6fb-8f51daf742cd.');
  }
  return text;
}

/** Repeatable. */
export function orderIds(text: string, sofar: readonly string[] = []): readonly string[] {
  return [...sofar, orderId(text)];
}

/** The value of an HTTP header that names or opens something. */
export function headerToken(text: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(text)) {
    throw new InvalidArgumentError('Give 1 to 255 visible ASCII characters.');
  }
  return text;
}

/** Repeatable: `prod-widget-001:2`; without a quantity it is 1. */
export function items(text: string, sofar: readonly OrderItem[] = []): readonly OrderItem[] {
  const match = /^(.+):(\d+)$|^([^:]+)$/.exec(text);
  const product_id = match?.[1] ?? match?.[3];
  if (product_id === undefined) {
    throw new InvalidArgumentError('Give product:quantity with a whole quantity, such as prod-widget-001:2.');
  }
  return [...sofar, { product_id, quantity: Number(match?.[2] ?? 1) }];
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
