/** `0.7` -> `70.0 %` */
export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** Seconds as people say them: `12 s`, `3 min`, `2 h`. */
export function seconds(value: number): string {
  if (value < 120) {
    return `${Math.round(value)} s`;
  }
  return value < 7200 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`;
}

/** `1234.5` -> `1.23 s`, `12.3` -> `12 ms` */
export function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`;
}
