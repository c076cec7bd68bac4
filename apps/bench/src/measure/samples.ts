import { percentile } from '@dofs/operations/statistics';

/** Repeated measurements of one thing. */
export interface Samples {
  readonly unit: string;
  readonly values: readonly number[];
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface NamedSamples extends Samples {
  readonly name: string;
}

/** @throws RangeError for no values: a measurement that wasn't made has no median */
export function samples(unit: string, values: readonly number[]): Samples {
  const [median, least, most] = [50, 0, 100].map((percent) => percentile(values, percent));
  if (median === undefined || least === undefined || most === undefined) {
    throw new RangeError('no values were measured');
  }
  return { unit, values, median, least, most };
}

/** `42.1 ms (40.3–47.9, 5 runs)` */
export function describeSamples({ unit, values, median, least, most }: Samples): string {
  const [mid, low, high] = [median, least, most].map(short);
  return `${mid} ${unit} (${low}–${high}, ${values.length} ${values.length === 1 ? 'run' : 'runs'})`;
}

/** Three significant digits, no exponent. */
export function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
