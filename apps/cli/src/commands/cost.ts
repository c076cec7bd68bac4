import { costOfOrders, type CostReport } from '@dofs/operations/cost/cost-of-orders';
import type { OrderCosts } from '@dofs/operations/cost/order-costs';
import { PRICES } from '@dofs/operations/cost/prices';
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

function costText({ since, costs, emptyReceives }: CostReport): string {
  return [
    'What a mean order uses:',
    '',
    usageTable(costs),
    '',
    'What a million of them cost, in US dollars:',
    '',
    priceTable(costs),
    '',
    `Metered since ${since}; ${Math.round(emptyReceives)} receives of empty queues belong to no order.`,
    `List prices of ${PRICES.region} as of ${PRICES.asOf}, without ${PRICES.leftOut}.`,
    'original: a STANDARD workflow of seven transitions, messages one by one, a read and three writes on failure.',
  ].join('\n');
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
  return table(['', ...head], rows);
}

function heading({ outcome, orders }: OrderCosts): string {
  return `${outcome}, mean of ${orders}`;
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
