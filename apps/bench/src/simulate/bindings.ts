import { carries, perOrder, type Limit } from './limits.ts';

/** A limit as the report lists it. */
export interface Binding extends Omit<Limit, 'takes' | 'ramp'> {
  /** What an order takes, in the limit's unit for each order a second. */
  readonly perOrder: number;
  /** Orders a second at which it is used up. */
  readonly carries: number;
}

/** The limits that a rate of orders can meet, the one that binds first at the front. */
export function bindings(limits: readonly Limit[]): Binding[] {
  return limits
    .map((limit) => {
      const { takes: _takes, ramp: _ramp, ...listed } = limit;
      return { ...listed, perOrder: perOrder(limit), carries: carries(limit) };
    })
    .sort((one, other) => one.carries - other.carries);
}
