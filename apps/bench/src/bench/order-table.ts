import type { OrderCosts } from '@dofs/operations/cost/order-costs';
import { PRICES } from '@dofs/operations/cost/prices';
import { short } from '../measure/samples.ts';
import { table } from '../table.ts';

/** What a mean order uses, line by line, and what a million of them cost. */
export function orderTable(orders: readonly OrderCosts[]): string {
  return orders.map(oneOutcome).join('\n\n\n');
}

function oneOutcome({ outcome, orders, usage, standard, express, original }: OrderCosts): string {
  const lines = usage
    .toSorted((one, other) => one.service.localeCompare(other.service))
    .map(({ service, resource, operation, count, amounts }) => [
      service,
      resource,
      operation,
      short(count),
      Object.entries(amounts)
        .map(([amount, value]) => `${short(value)} ${amount}`)
        .join(', '),
    ]);
  const costs = (
    [
      ['API Gateway', 'apiGateway'],
      ['Lambda', 'lambda'],
      ['Step Functions', 'stepFunctions'],
      ['DynamoDB', 'dynamoDb'],
      ['SQS', 'sqs'],
      ['CloudWatch Logs', 'logs'],
      ['total', 'total'],
    ] as const
  ).map(([name, part]) => [
    name,
    ...[standard, express, original].map((cost) => (cost[part] * 1e6).toFixed(2)),
  ]);
  return [
    `${outcome}: mean of ${orders} orders`,
    '',
    table(['service', 'resource', 'operation', 'count', 'billed'], lines, [3]),
    '',
    table(['$ a million orders', 'STANDARD', 'EXPRESS', 'original'], costs, [1, 2, 3]),
    '',
    `List prices of ${PRICES.region}, ${PRICES.asOf}; without ${PRICES.leftOut}.`,
  ].join('\n');
}
