import type { TableDescription } from '../../stack-description.ts';
import {
  nestedBlocks,
  optionalNumber,
  optionalText,
  text,
  texts,
  type Args,
  type Handling,
  type Resource,
  type ResourceTypes,
  type StackContext,
} from '../resource.ts';
import { regionalArn } from './names.ts';

const tableArn = (table: Resource, context: StackContext) =>
  regionalArn(context, 'dynamodb', `table/${text(table, 'name')}`);

const INDEX: Handling = {
  name: 'honoured',
  hash_key: 'honoured',
  range_key: 'honoured',
  projection_type: 'honoured',
  non_key_attributes: 'honoured',
  read_capacity: 'honoured',
  write_capacity: 'honoured',
};

export const tableTypes: ResourceTypes = {
  aws_dynamodb_table: {
    args: {
      name: 'honoured',
      billing_mode: 'honoured',
      hash_key: 'honoured',
      range_key: 'honoured',
      read_capacity: 'honoured',
      write_capacity: 'honoured',
      attribute: { name: 'honoured', type: 'honoured' },
      global_secondary_index: INDEX,
      local_secondary_index: INDEX,
      deletion_protection_enabled: [false],
      stream_enabled: [false],
      point_in_time_recovery: { enabled: [false], recovery_period_in_days: 'harmless' },
      // Encryption at rest with the service's own key can't be seen from outside; a customer's key can.
      server_side_encryption: { enabled: 'harmless' },
      table_class: 'harmless',
      ttl: { enabled: [false], attribute_name: 'harmless' },
      tags: 'harmless',
    },
    computed: {
      arn: tableArn,
      id: (table) => text(table, 'name'),
      stream_arn: (table, context) => `${tableArn(table, context)}/stream/2024-01-01T00:00:00.000`,
    },
  },
};

export function describeTables(context: StackContext): TableDescription[] {
  return context.resources('aws_dynamodb_table').map((table) => ({
    name: text(table, 'name'),
    arn: tableArn(table, context),
    createTable: createTableRequest(table),
  }));
}

function createTableRequest(table: Resource): Record<string, unknown> {
  const billing = optionalText(table, 'billing_mode') ?? 'PROVISIONED';
  const indexes = (argument: string, throughput: boolean) =>
    nestedBlocks(table, argument).map((index) => ({
      IndexName: text(index, 'name'),
      KeySchema: keySchema(index, optionalText(table, 'hash_key')),
      Projection: projection(index),
      ...(throughput && billing === 'PROVISIONED' ? { ProvisionedThroughput: capacity(index) } : {}),
    }));
  const global = indexes('global_secondary_index', true);
  const local = indexes('local_secondary_index', false);
  return {
    TableName: text(table, 'name'),
    BillingMode: billing,
    AttributeDefinitions: nestedBlocks(table, 'attribute').map((attribute) => ({
      AttributeName: text(attribute, 'name'),
      AttributeType: text(attribute, 'type'),
    })),
    KeySchema: keySchema(table, undefined),
    ...(billing === 'PROVISIONED' ? { ProvisionedThroughput: capacity(table) } : {}),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
  };
}

/** @param tableKey the partition key of the table, which a local index shares */
function keySchema(of: Args, tableKey: string | undefined): { AttributeName: string; KeyType: string }[] {
  const hash = optionalText(of, 'hash_key') ?? tableKey ?? text(of, 'hash_key');
  const range = optionalText(of, 'range_key');
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' }]),
  ];
}

function projection(index: Args): Record<string, unknown> {
  const others = texts(index, 'non_key_attributes');
  return {
    ProjectionType: text(index, 'projection_type'),
    ...(others.length > 0 ? { NonKeyAttributes: others } : {}),
  };
}

function capacity(of: Args): Record<string, number> {
  return {
    ReadCapacityUnits: optionalNumber(of, 'read_capacity') ?? 1,
    WriteCapacityUnits: optionalNumber(of, 'write_capacity') ?? 1,
  };
}
