import { PRICES } from './prices.ts';
import { total, type UsageLine } from './usage.ts';

/** What something costs, by service, in US dollars. */
export interface Cost {
  readonly apiGateway: number;
  readonly lambda: number;
  readonly stepFunctions: number;
  readonly dynamoDb: number;
  readonly sqs: number;
  readonly logs: number;
  readonly total: number;
}

/** The price of a use by the price file. Empty receives are left out: they depend on time, not on orders. */
export function priceOf(lines: readonly UsageLine[]): Cost {
  const { perUnit } = PRICES;
  const of = (amount: string, unitPrice: number, service?: string) =>
    total(lines, amount, service) * unitPrice;
  const parts = {
    apiGateway: of('apiRequests', perUnit.apiRequests),
    lambda: of('invocations', perUnit.invocations) + of('gbSeconds', perUnit.lambdaGbSeconds, 'lambda'),
    stepFunctions:
      of('transitions', perUnit.transitions) +
      of('executions', perUnit.executions) +
      of('gbSeconds', perUnit.expressGbSeconds, 'states'),
    dynamoDb: of('writeUnits', perUnit.writeUnits) + of('readUnits', perUnit.readUnits),
    sqs: of('requests', perUnit.queueRequests),
    logs: of('logBytes', perUnit.logBytes),
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}
