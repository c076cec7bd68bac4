import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUnits, refusedWriteUnits, tableKeys, writeUnits } from './capacity-units.ts';
import { itemSize, type Item } from './item-size.ts';

describe('the size of an item', () => {
  it.each<[string, Item, number]>([
    ['names and text in UTF-8', { näme: { S: 'é€' } }, 5 + 5],
    ['a number by its digits', { n: { N: '-12345.670' } }, 1 + 4 + 1 + 1],
    ['zeros at the ends don’t count', { n: { N: '1000' } }, 1 + 1 + 1],
    ['a flag', { f: { BOOL: true } }, 2],
    ['bytes', { b: { B: Buffer.from('abc').toString('base64') } }, 4],
    ['a set', { s: { SS: ['ab', 'c'] } }, 4],
    ['a list', { l: { L: [{ S: 'a' }, { N: '1' }] } }, 1 + 3 + 2 + 1 + 2],
    ['a map', { m: { M: { a: { S: 'x' } } } }, 1 + 3 + 1 + 2],
  ])('%s', (_, item, bytes) => {
    // Assess
    expect(itemSize(item)).toBe(bytes);
  });
});

describe('write units', () => {
  const table = tableKeys({
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-status',
        KeySchema: [
          { AttributeName: 'status', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['reason'] },
      },
    ],
  });
  const item = (status: string | undefined, note = '', reason?: string): Item => ({
    id: { S: '1' },
    at: { S: 'now' },
    note: { S: note },
    ...(status === undefined ? {} : { status: { S: status } }),
    ...(reason === undefined ? {} : { reason: { S: reason } }),
  });

  it.each<[string, Item | undefined, Item | undefined, number]>([
    ['a new item is written to table and index', undefined, item('NEW'), 1 + 1],
    ['an item without the index’s keys isn’t in the index', undefined, item(undefined), 1],
    ['a change outside the index costs the index nothing', item('NEW'), item('NEW', 'x'), 1],
    ['a change of a projected attribute updates the entry', item('NEW'), item('NEW', '', 'x'), 1 + 1],
    ['a change of an index key moves the entry: two writes', item('NEW'), item('DONE'), 1 + 2],
    ['an item that leaves the index', item('NEW'), item(undefined), 1 + 1],
    ['a deletion', item('NEW'), undefined, 1 + 1],
    ['deleting what isn’t there', undefined, undefined, 1],
    ['the larger of before and after counts', item(undefined, 'x'.repeat(3000)), item(undefined), 3],
    ['an index entry is as large as what it holds', undefined, item('NEW', 'x'.repeat(3000)), 3 + 1],
  ])('%s', (_, before, after, units) => {
    // Assess
    expect(writeUnits(table, before, after)).toBe(units);
  });

  it('never cost less than the refused write, nor than the table alone', () => {
    const items = fc.option(
      fc.record({ status: fc.option(fc.string(), { nil: undefined }), size: fc.nat({ max: 5000 }) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(items, items, (one, other) => {
        // Prepare
        const before = one && item(one.status, 'x'.repeat(one.size));
        const after = other && item(other.status, 'x'.repeat(other.size));

        // Act
        const units = writeUnits(table, before, after);

        // Assess
        expect(units).toBeGreaterThanOrEqual(refusedWriteUnits(before));
        expect(Number.isInteger(units)).toBe(true);
      }),
    );
  });
});

describe('a refused conditional write', () => {
  it.each<[string, Item | undefined, number]>([
    ['costs a unit where there is no item', undefined, 1],
    ['costs what the existing item weighs', { id: { S: 'x'.repeat(2500) } }, 3],
  ])('%s', (_, existing, units) => {
    // Assess
    expect(refusedWriteUnits(existing)).toBe(units);
  });
});

describe('read units', () => {
  it.each([
    ['nothing found', 0, true, 1],
    ['a small item, consistent', 100, true, 1],
    ['a small item, eventually consistent', 100, false, 0.5],
    ['just over 4 KB', 4097, true, 2],
  ])('%s', (_, bytes, consistent, units) => {
    // Assess
    expect(readUnits(bytes, consistent)).toBe(units);
  });
});
