import { isDeepStrictEqual } from 'node:util';
import { itemSize, projectedSize, type Item } from './item-size.ts';

/** Bytes in one write unit and in one strongly consistent read unit (AWS: "DynamoDB read and write operations"). */
const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

export interface IndexKeys {
  readonly keys: readonly string[];
  /** Every attribute of an index entry, table keys included; `all`: the whole item. */
  readonly attributes: readonly string[] | 'all';
}

export interface TableKeys {
  readonly keys: readonly string[];
  readonly indexes: readonly IndexKeys[];
}

type Json = Readonly<Record<string, unknown>>;

/** The keys and indexes in a CreateTable request. */
export function tableKeys(createTable: Json): TableKeys {
  const keys = namesOf(createTable['KeySchema']);
  const indexes = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']
    .flatMap((list) => (createTable[list] ?? []) as readonly Json[])
    .map((index) => indexKeys(index, keys));
  return { keys, indexes };
}

function indexKeys(index: Json, tableKeyNames: readonly string[]): IndexKeys {
  const keys = namesOf(index['KeySchema']);
  const { ProjectionType, NonKeyAttributes } = (index['Projection'] ?? {}) as Json;
  const projected = (NonKeyAttributes ?? []) as readonly string[];
  return {
    keys,
    attributes: ProjectionType === 'ALL' ? 'all' : [...new Set([...keys, ...tableKeyNames, ...projected])],
  };
}

function namesOf(keySchema: unknown): readonly string[] {
  return ((keySchema ?? []) as readonly { readonly AttributeName: string }[]).map(
    ({ AttributeName }) => AttributeName,
  );
}

/**
 * Write units of one item's change, indexes included: the larger of the item before and after, in KB rounded up,
 * and for each index what its entry needs (AWS: "Write capacity units", "Provisioned throughput considerations for
 * global secondary indexes").
 * @param before the item as it was, undefined if there was none
 * @param after the item as it is now, undefined if it is deleted
 */
export function writeUnits(table: TableKeys, before: Item | undefined, after: Item | undefined): number {
  const indexUnits = table.indexes.reduce((total, index) => total + indexWriteUnits(index, before, after), 0);
  const bytes = Math.max(sizeOf(before), sizeOf(after));
  return units(bytes, WRITE_UNIT_BYTES) + indexUnits;
}

/**
 * Write units of a conditional write whose condition failed: what the existing item weighs, at least one, however
 * large the item that was refused (AWS: "Capacity units consumed by conditional writes").
 */
export function refusedWriteUnits(existing: Item | undefined): number {
  return units(sizeOf(existing), WRITE_UNIT_BYTES);
}

function sizeOf(item: Item | undefined): number {
  return item === undefined ? 0 : itemSize(item);
}

/** Read units of one item, of none (which costs as much as a small one), or of many read together. */
export function readUnits(bytes: number, consistent: boolean): number {
  return units(bytes, READ_UNIT_BYTES) * (consistent ? 1 : 0.5);
}

function units(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

function indexWriteUnits(index: IndexKeys, before: Item | undefined, after: Item | undefined): number {
  const entryBefore = hasEntry(index, before) ? before : undefined;
  const entryAfter = hasEntry(index, after) ? after : undefined;
  if (entryBefore === undefined) {
    return entryAfter === undefined ? 0 : entryUnits(index, entryAfter);
  }
  if (entryAfter === undefined) {
    return entryUnits(index, entryBefore);
  }
  if (!isSame(entryBefore, entryAfter, index.keys)) {
    // The entry moves: one write takes out the old one, one puts the new one in.
    return entryUnits(index, entryBefore) + entryUnits(index, entryAfter);
  }
  const names = index.attributes === 'all' ? namesOfBoth(entryBefore, entryAfter) : index.attributes;
  return isSame(entryBefore, entryAfter, names)
    ? 0
    : Math.max(entryUnits(index, entryBefore), entryUnits(index, entryAfter));
}

/** An index has an entry for the items that have all its keys. */
function hasEntry(index: IndexKeys, item: Item | undefined): boolean {
  return item !== undefined && index.keys.every((key) => item[key] !== undefined);
}

function entryUnits(index: IndexKeys, item: Item): number {
  const bytes = index.attributes === 'all' ? itemSize(item) : projectedSize(item, index.attributes);
  return units(bytes, WRITE_UNIT_BYTES);
}

function isSame(one: Item, other: Item, names: readonly string[]): boolean {
  return names.every((name) => isDeepStrictEqual(plain(one[name]), plain(other[name])));
}

/** Engines may hand out objects without a prototype, which is no difference here. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function namesOfBoth(one: Item, other: Item): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}
