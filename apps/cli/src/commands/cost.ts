import { costOfOrders, type CostReport } from '@dofs/operations/cost/cost-of-orders';
import type { OrderCosts } from '@dofs/operations/cost/order-costs';
import type { LookUpCost } from '@dofs/operations/cost/look-up-cost';
import { PRICES } from '@dofs/operations/cost/prices';
import { rateForTracesCost, tracesCost } from '@dofs/operations/cost/traces';
import { total } from '@dofs/operations/cost/usage';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { table } from '../table.ts';
import { print, printJson } from '../terminal.ts';

export const cost: CommandAction<object> = async (context, orderIds) => {
  const { terminal } = context;
  const report = await costOfOrders(await context.target(), orderIds);
  if (terminal.json) {
    printJson(terminal, { prices: PRICES, ...report });
  } else {
    print(terminal, costText(report));
  }
  return EXIT.ok;
};

/** The report as people read it. */
export function costText({
  since,
  costs,
  lookUp,
  partlySeen,
  run,
  runCost,
  emptyReceives,
}: CostReport): string {
  return [
    'What a mean order uses:',
    '',
    usageTable(costs),
    '',
    'What a million of them cost, in US dollars:',
    '',
    priceTable(costs),
    '',
    ...(partlySeen === 0 ? [] : [`Orders left out, as the meter saw only a part of them: ${partlySeen}.`]),
    ...(lookUp === undefined ? [] : [lookUpText(lookUp)]),
    `All since ${since}, as it ran: $${runCost.total.toFixed(6)}, with what belongs to no order.`,
    `${Math.round(emptyReceives)} receives of empty queues are not in it.`,
    ...unpricedText(run),
    ...costs.flatMap(tracesText),
    `List prices of ${PRICES.region} as of ${PRICES.asOf}, without ${PRICES.leftOut}.`,
    'original: a STANDARD workflow of seven transitions, messages one by one, a read and three writes on failure.',
  ].join('\n');
}

function lookUpText({ lookUps, cost: { total: dollars } }: LookUpCost): string {
  return `A look-up (GET /order/ID, mean of ${lookUps}) comes on top: ${(dollars * 1e6).toFixed(2)} a million.`;
}

function unpricedText(run: CostReport['run']): string[] {
  const calls = total(run, 'unpriced');
  return calls === 0 ? [] : [`Calls without a price here: ${calls}; --json has them as unpriced.`];
}

/** Traces depend on how many orders come each second, so they are no row of the table. */
function tracesText({ outcome, express, original }: OrderCosts): string[] {
  if (outcome !== 'FULFILLED') {
    return [];
  }
  const [few, many] = [1, 100].map((rate) => (tracesCost(rate) * 1e6).toFixed(2));
  const rate = rateForTracesCost(original.total / 10 - express.total);
  const percent = ((100 * express.total) / original.total).toFixed(1);
  const from = Number.isFinite(rate)
    ? `a tenth at most from ${rate.toFixed(1)} orders a second on`
    : 'over a tenth';
  return [
    `X-Ray traces come on top, a million orders: at most ${few} at one order a second, ${many} at a hundred.`,
    `EXPRESS costs ${percent} % of the original; with its traces, ${from}.`,
  ];
}

function usageTable(costs: readonly OrderCosts[]): string {
  const lines = costs.flatMap(({ usage }) => usage);
  const keys = [
    ...new Set(lines.map((line) => `${line.service}\t${line.resource}\t${line.operation}`)),
  ].sort();
  const rows = keys.map((key) => {
    const [service, resource, operation] = key.split('\t');
    const cells = costs.map(({ usage }) => {
      const line = usage.find(
        (one) => one.service === service && one.resource === resource && one.operation === operation,
      );
      return line === undefined ? '' : `${rounded(line.count)} (${billed(line.amounts)})`;
    });
    return [service ?? '', resource ?? '', operation ?? '', ...cells];
  });
  return table(['service', 'resource', 'operation', ...costs.map(heading)], rows);
}

function billed(amounts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(amounts).map(([amount, value]) => `${rounded(value)} ${amount}`);
  return parts.length === 0 ? 'not billed' : parts.join(', ');
}

const PARTS = [
  ['API Gateway', 'apiGateway'],
  ['Lambda', 'lambda'],
  ['Step Functions', 'stepFunctions'],
  ['DynamoDB', 'dynamoDb'],
  ['SQS', 'sqs'],
  ['CloudWatch Logs', 'logs'],
  ['total', 'total'],
] as const;
const DESIGNS = ['standard', 'express', 'original'] as const;

function priceTable(costs: readonly OrderCosts[]): string {
  const head = costs.flatMap(({ outcome }) =>
    ['STANDARD', 'EXPRESS', 'original'].map((design) => `${outcome} ${design}`),
  );
  const rows = PARTS.map(([name, part]) => [
    name,
    ...costs.flatMap((one) => DESIGNS.map((design) => (one[design][part] * 1e6).toFixed(2))),
  ]);
  const each = costs.flatMap((one) => DESIGNS.map((design) => one[design].total.toFixed(8)));
  return table(['', ...head], [...rows, ['one order', ...each]]);
}

function heading({ outcome, orders }: OrderCosts): string {
  return `${outcome}, mean of ${orders}`;
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
