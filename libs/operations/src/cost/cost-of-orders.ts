import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoOrderTables } from '@dofs/order-tables/dynamo-order-tables';
import { isTerminal } from '@dofs/orders/life-cycle';
import type { OrderStatus } from '@dofs/orders/order';
import { withAwsErrors } from '../aws-call.ts';
import { clientConfig } from '../aws-clients.ts';
import { OperationError } from '../operation-error.ts';
import type { Target } from '../target.ts';
import { lookUpCost, type LookUpCost } from './look-up-cost.ts';
import { isWhole, orderCosts, type OrderCosts } from './order-costs.ts';
import { priceOf, type Cost } from './price-usage.ts';
import { readMeter } from './read-meter.ts';
import { total, type UsageLine } from './usage.ts';

export interface CostReport {
  /** When the meter began, ISO 8601. */
  readonly since: string;
  readonly costs: readonly OrderCosts[];
  /** Orders that have ended and of which the meter saw a part only. */
  readonly partlySeen: number;
  /** Undefined where nobody looked an order up. */
  readonly lookUp: LookUpCost | undefined;
  /** Everything since then, what belongs to no order included. */
  readonly run: readonly UsageLine[];
  /** What `run` would cost, in US dollars, under the workflow type that it ran with. */
  readonly runCost: Cost;
  readonly emptyReceives: number;
}

/**
 * What the orders of a running local system used and would cost on AWS.
 * @param orderIds those to look at; none: all that its meter remembers
 * @throws OperationError if the target is no local system, doesn't answer, or knows none of the orders
 */
export async function costOfOrders(target: Target, orderIds: readonly string[]): Promise<CostReport> {
  if (target.awsEndpoint === undefined) {
    throw new OperationError(
      'not-found',
      'AWS has no meter that tells orders apart',
      'ask a local system (npm start), or see Cost Explorer for what an account paid',
    );
  }
  const reading = await readMeter(target.awsEndpoint, orderIds.length === 0 ? 'all' : orderIds);
  const statuses = await finalStatuses(target, Object.keys(reading.subjects));
  const costs = orderCosts(reading.subjects, statuses);
  if (costs.length === 0) {
    throw new OperationError(
      'not-found',
      'the meter saw no order from its start to its end',
      'send some: npx dofs test stress',
    );
  }
  const { since, run, subjects } = reading;
  const ended = Object.entries(subjects).filter(([id]) => {
    const status = statuses.get(id);
    return status !== undefined && isTerminal(status);
  });
  return {
    since,
    costs,
    partlySeen: ended.filter(([, usage]) => !isWhole(usage)).length,
    lookUp: lookUpCost(subjects),
    run,
    runCost: priceOf(run),
    emptyReceives: total(run, 'emptyReceives'),
  };
}

async function finalStatuses(
  target: Target,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderStatus>> {
  const client = new DynamoDBClient(clientConfig(target));
  const { ordersTable: orders, failedOrdersTable: failedOrders } = target.names;
  try {
    const stored = await withAwsErrors(target, () =>
      dynamoOrderTables(client, { orders, failedOrders }).getOrders(orderIds),
    );
    return new Map(stored.map(({ order_id, status }) => [order_id, status]));
  } finally {
    client.destroy();
  }
}
