import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { FAILED_ORDERS_TABLE, ORDERS_TABLE } from '@dofs/order-tables/table-schema';
import type { Context } from '../../stacks/context.ts';

export interface Tables {
  readonly orders: DynamodbTable;
  readonly failedOrders: DynamodbTable;
}

/** The two tables with their indexes, as the functions' own schema has them. */
export function createTables(context: Context): Tables {
  const { statusIndex } = ORDERS_TABLE;
  const { failedAtIndex } = FAILED_ORDERS_TABLE;
  return {
    orders: table(context, 'orders', ORDERS_TABLE.partitionKey, statusIndex),
    failedOrders: table(context, 'failed_orders', FAILED_ORDERS_TABLE.partitionKey, failedAtIndex),
  };
}

/** The ARN of a table's index, for a policy. */
export function indexArn(table: DynamodbTable, indexName: string): string {
  return `${table.arn}/index/${indexName}`;
}

interface Index {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** Attributes that it holds beside the keys. */
  readonly projection: readonly string[];
}

function table(context: Context, id: string, partitionKey: string, index: Index): DynamodbTable {
  const { stack, names, settings } = context;
  return new DynamodbTable(stack, id, {
    name: names.of(id.replaceAll('_', '-')),
    billingMode: 'PAY_PER_REQUEST',
    hashKey: partitionKey,
    attribute: [partitionKey, index.partitionKey, index.sortKey].map((name) => ({ name, type: 'S' })),
    globalSecondaryIndex: [
      {
        name: index.name,
        hashKey: index.partitionKey,
        rangeKey: index.sortKey,
        ...(index.projection.length === 0
          ? { projectionType: 'KEYS_ONLY' }
          : { projectionType: 'INCLUDE', nonKeyAttributes: [...index.projection] }),
      },
    ],
    pointInTimeRecovery: { enabled: settings.pointInTimeRecovery },
    deletionProtectionEnabled: settings.deletionProtection,
    serverSideEncryption: {
      enabled: true,
      ...(settings.kmsKeyArn === '' ? {} : { kmsKeyArn: settings.kmsKeyArn }),
    },
  });
}
