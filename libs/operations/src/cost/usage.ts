import Type, { type Static } from 'typebox';

const Count = Type.Number({ minimum: 0 });

export const UsageLine = Type.Object({
  service: Type.String(),
  resource: Type.String(),
  operation: Type.String(),
  count: Count,
  /** What AWS bills, as the local system's meter names it: writeUnits, requests, transitions, ... */
  amounts: Type.Record(Type.String(), Count),
});
export type UsageLine = Static<typeof UsageLine>;

/** What `GET /_meter` answers. */
export const MeterReading = Type.Object({
  since: Type.String(),
  run: Type.Array(UsageLine),
  subjects: Type.Record(Type.String(), Type.Array(UsageLine)),
});
export type MeterReading = Static<typeof MeterReading>;

/** The API's route for looking an order up. The meter names what is done for it by it, `GetItem for GET ...` say. */
const LOOK_UP = 'GET /order/{order_id}';

/** Whether a line belongs to a client's look-up of an order, and not to the order itself. */
export function isLookUp({ operation }: UsageLine): boolean {
  return operation.endsWith(LOOK_UP);
}

/** The sum of an amount over the lines of a service, or of all. */
export function total(lines: readonly UsageLine[], amount: string, service?: string): number {
  return lines
    .filter((line) => service === undefined || line.service === service)
    .reduce((sum, line) => sum + (line.amounts[amount] ?? 0), 0);
}

/** The mean of several orders' uses. @returns no lines for no orders */
export function meanUsage(orders: readonly (readonly UsageLine[])[]): UsageLine[] {
  return sharedUsage(orders.flat(), orders.length);
}

/** The sum of lines, line by line, divided by so many. */
export function sharedUsage(lines: readonly UsageLine[], by: number): UsageLine[] {
  const sums = new Map<string, { line: UsageLine; amounts: Record<string, number>; count: number }>();
  for (const line of lines) {
    const key = `${line.service} ${line.resource} ${line.operation}`;
    const sum = sums.get(key) ?? { line, amounts: {}, count: 0 };
    sum.count += line.count;
    for (const [amount, value] of Object.entries(line.amounts)) {
      sum.amounts[amount] = (sum.amounts[amount] ?? 0) + value;
    }
    sums.set(key, sum);
  }
  return [...sums.values()].map(({ line, amounts, count }) => ({
    ...line,
    count: count / by,
    amounts: Object.fromEntries(Object.entries(amounts).map(([amount, value]) => [amount, value / by])),
  }));
}
