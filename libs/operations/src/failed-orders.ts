import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { FailedOrder } from '@dofs/orders/order';
import type { OrderTables } from '@dofs/order-tables/order-tables';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import type { Target } from './target.ts';

export interface FailedOrderFilter {
  /** ISO 8601, inclusive. Absent: from the beginning. */
  readonly from?: string;
  /** ISO 8601, inclusive. Absent: until now. */
  readonly to?: string;
  /** `fulfillment`, `sqs-dlq`, ... Absent: all. */
  readonly source?: string;
  /** Most rows, the newest; absent: all. */
  readonly limit?: number;
}

/** DynamoDB's Limit is a 32-bit integer. */
const ALL = 1_000_000;

/** A row of failed_orders, as lists show it. */
export type FailedOrderRow = Pick<
  FailedOrder,
  'order_id' | 'failed_at' | 'failure_source' | 'failure_reason'
>;

/**
 * Rows of failed_orders, newest first. A range with a beginning is read from the index by time; without one the
 * table is scanned, strongly consistent, so that no row is missed.
 * @throws OperationError
 */
export async function findFailedOrders(
  target: Target,
  tables: Pick<OrderTables, 'listFailedOrders'>,
  filter: FailedOrderFilter,
): Promise<readonly FailedOrderRow[]> {
  const rows = await withAwsErrors(target, () =>
    filter.from === undefined
      ? scanFailedOrders(target, filter.to)
      : rowsInRange(tables, { ...filter, from: filter.from }),
  );
  return rows
    .filter((row) => filter.source === undefined || row.failure_source === filter.source)
    .sort((a, b) => b.failed_at.localeCompare(a.failed_at))
    .slice(0, filter.limit);
}

/** The index holds all that a list shows. It lags by moments: a row that has just been removed may still be listed. */
function rowsInRange(
  tables: Pick<OrderTables, 'listFailedOrders'>,
  filter: FailedOrderFilter & { readonly from: string },
): Promise<readonly FailedOrderRow[]> {
  return tables.listFailedOrders({
    from: filter.from,
    to: filter.to ?? new Date().toISOString(),
    // The source is no key: where one is asked for, all must be read before they can be counted.
    limit: filter.source === undefined ? (filter.limit ?? ALL) : ALL,
    newestFirst: true,
  });
}

async function scanFailedOrders(target: Target, to: string | undefined): Promise<FailedOrderRow[]> {
  const client = new DynamoDBClient(clientConfig(target));
  const rows: FailedOrderRow[] = [];
  try {
    const request = {
      TableName: target.names.failedOrdersTable,
      ConsistentRead: true,
      ProjectionExpression: 'order_id, failed_at, failure_source, failure_reason',
    };
    for await (const { Items = [] } of paginateScan({ client }, request)) {
      rows.push(...Items.map(listing));
    }
  } finally {
    client.destroy();
  }
  return rows.filter((row) => to === undefined || row.failed_at <= to);
}

function listing(item: Record<string, AttributeValue>): FailedOrderRow {
  return {
    order_id: item['order_id']?.S ?? '',
    failed_at: item['failed_at']?.S ?? '',
    failure_source: (item['failure_source']?.S ?? '') as FailedOrderRow['failure_source'],
    failure_reason: item['failure_reason']?.S ?? '',
  };
}
