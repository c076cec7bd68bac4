const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The schedules that are run here; `cron(...)` and `at(...)` are named at start as not honoured. */
export const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;

/**
 * The interval of a `rate(...)` expression.
 * @returns milliseconds; undefined for any other expression
 */
export function rateMs(scheduleExpression: string): number | undefined {
  const [, count, unit] = RATE.exec(scheduleExpression) ?? [];
  const unitMs = unit === undefined ? undefined : UNITS_MS[unit];
  const interval = unitMs === undefined ? 0 : Number(count) * unitMs;
  return interval > 0 ? interval : undefined;
}
