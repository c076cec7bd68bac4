import { isDeepStrictEqual } from 'node:util';
import { AwsError, type JsonObject } from '../service-call.ts';
import type { TableDescription } from '../stack-description.ts';
import type { DynaliteEngine } from './dynalite-engine.ts';

/** The data directory holds the table with other keys than the stack wants. */
export class TableChangedError extends Error {
  override readonly name = 'TableChangedError';
}

type Table = JsonObject & { readonly TableName: string; readonly TableStatus: string };

/**
 * Makes a table, or keeps the one that is there from an earlier run.
 * @throws TableChangedError if that one has other keys or indexes: on AWS too the table would be replaced, and its items lost
 */
export async function ensureTable(engine: DynaliteEngine, description: TableDescription): Promise<void> {
  const wanted = { ...description.createTable, TableName: description.name };
  const existing = await describeTable(engine, description.name);
  if (existing === undefined) {
    await engine.run('CreateTable', wanted);
    await untilActive(engine, description.name);
    return;
  }
  if (!isDeepStrictEqual(keysOf(existing), keysOf(wanted))) {
    throw new TableChangedError(
      `table ${description.name}: the data directory holds it with other keys or indexes than the stack describes; start with another --data-dir, or remove this one`,
    );
  }
  if (existing.TableStatus !== 'ACTIVE') {
    await engine.activateTable(existing);
  }
}

async function describeTable(engine: DynaliteEngine, name: string): Promise<Table | undefined> {
  try {
    const { Table: table } = await engine.run('DescribeTable', { TableName: name });
    return table as Table;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') {
      return undefined;
    }
    throw error;
  }
}

/** Dynalite activates a table in its next timer round. */
async function untilActive(engine: DynaliteEngine, name: string): Promise<void> {
  while ((await describeTable(engine, name))?.TableStatus !== 'ACTIVE') {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function keysOf(table: JsonObject): unknown {
  const indexes = (name: string) =>
    ((table[name] ?? []) as readonly JsonObject[])
      .map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }))
      .sort((a, b) => String(a.IndexName).localeCompare(String(b.IndexName)));
  const attributes = (table['AttributeDefinitions'] ?? []) as readonly JsonObject[];
  return JSON.parse(
    JSON.stringify({
      keys: table['KeySchema'],
      attributes: Object.fromEntries(
        attributes
          .map(({ AttributeName, AttributeType }) => [String(AttributeName), AttributeType] as const)
          .sort(([a], [b]) => a.localeCompare(b)),
      ),
      global: indexes('GlobalSecondaryIndexes'),
      local: indexes('LocalSecondaryIndexes'),
    }),
  );
}
