import { QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { OrderStatus } from '@dofs/orders/order';
import type { Item } from './item-format.ts';
import type { BoundedTimeRange, FailedOrderListing, OrderListing, TimeRange } from './order-tables.ts';
import { FAILED_ORDERS_TABLE, failedShards, ORDERS_TABLE, statusShards } from './table-schema.ts';

/** Before and after every ISO time. */
const BEGINNING_OF_TIME = '0';
const END_OF_TIME = '9999';
const MS_PER_DAY = 86_400_000;

/** @throws the SDK's service errors */
export async function listOrdersByStatus(
  client: DynamoDBClient,
  table: string,
  status: OrderStatus,
  range: TimeRange,
): Promise<OrderListing[]> {
  const index = ORDERS_TABLE.statusIndex;
  const items = await Promise.all(
    statusShards(status).map((shard) => queryShard(client, { table, index, shard, range })),
  );
  const listings = items.flat().map((item) => {
    const { order_id, created_at } = unmarshall(item) as OrderListing;
    return { order_id, created_at };
  });
  return merged(listings, ({ created_at }) => created_at, range);
}

/** Asks one day after the other, so that a list of the latest few doesn't read the whole range. */
export async function listFailedOrders(
  client: DynamoDBClient,
  table: string,
  range: BoundedTimeRange,
): Promise<FailedOrderListing[]> {
  const index = FAILED_ORDERS_TABLE.failedAtIndex;
  const listings: FailedOrderListing[] = [];
  for (const day of daysOf(range)) {
    const rest = { ...range, limit: range.limit - listings.length };
    if (rest.limit <= 0) {
      break;
    }
    const items = await Promise.all(
      failedShards(day).map((shard) => queryShard(client, { table, index, shard, range: rest })),
    );
    const ofDay = items.flat().map((item) => {
      const { order_id, failed_at, failure_source, failure_reason } = unmarshall(item) as FailedOrderListing;
      return { order_id, failed_at, failure_source, failure_reason };
    });
    listings.push(...merged(ofDay, ({ failed_at }) => failed_at, rest));
  }
  return listings;
}

interface ShardQuery {
  readonly table: string;
  readonly index: { readonly name: string; readonly partitionKey: string; readonly sortKey: string };
  readonly shard: string;
  readonly range: TimeRange;
}

async function queryShard(
  client: DynamoDBClient,
  { table, index, shard, range }: ShardQuery,
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index.name,
        KeyConditionExpression: '#shard = :shard AND #time BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#shard': index.partitionKey, '#time': index.sortKey },
        ExpressionAttributeValues: {
          ':shard': { S: shard },
          ':from': { S: range.from ?? BEGINNING_OF_TIME },
          ':to': { S: range.to ?? END_OF_TIME },
        },
        ScanIndexForward: !range.newestFirst,
        Limit: range.limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && items.length < range.limit);
  return items;
}

function merged<T>(entries: readonly T[], time: (entry: T) => string, range: TimeRange): T[] {
  const direction = range.newestFirst ? -1 : 1;
  return entries
    .toSorted((one, other) => direction * compareText(time(one), time(other)))
    .slice(0, range.limit);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The UTC days that a range touches, in the order in which the list wants them. */
function daysOf({ from, to, newestFirst }: BoundedTimeRange): string[] {
  const first = Date.parse(`${from.slice(0, 10)}T00:00:00Z`);
  const last = Date.parse(`${to.slice(0, 10)}T00:00:00Z`);
  const days: string[] = [];
  for (let day = first; day <= last; day += MS_PER_DAY) {
    days.push(new Date(day).toISOString().slice(0, 10));
  }
  return newestFirst ? days.reverse() : days;
}
