import type { Item } from './item-format.ts';
import { itemOf } from './item-format.ts';

/** What an update writes, as data. */
export interface Change {
  readonly set: Readonly<Record<string, unknown>>;
  /** Written where the item has no such attribute yet. */
  readonly setIfAbsent?: Readonly<Record<string, unknown>>;
  /** Entries to put at the end of a list that may not be there yet. */
  readonly append?: { readonly list: string; readonly entry: unknown };
  readonly remove?: readonly string[];
}

/** What must hold for it: these attributes with these values. */
export interface Expectation {
  readonly equals: Readonly<Record<string, unknown>>;
  /** Also if there is no such item at all. */
  readonly orAbsent?: { readonly partitionKey: string };
}

export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
}

/**
 * Writes a change and its condition in DynamoDB's expression language. Every name gets a placeholder, as `status`
 * and others are reserved words.
 */
export function updateExpression(change: Change, expectation: Expectation): UpdateExpression {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (attribute: string) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (key: string, content: unknown) => {
    values[`:${key}`] = content;
    return `:${key}`;
  };

  const sets = Object.entries(change.set).map(
    ([attribute, content]) => `${name(attribute)} = ${value(attribute, content)}`,
  );
  for (const [attribute, content] of Object.entries(change.setIfAbsent ?? {})) {
    const target = name(attribute);
    sets.push(`${target} = if_not_exists(${target}, ${value(attribute, content)})`);
  }
  if (change.append !== undefined) {
    const { list, entry } = change.append;
    const before = `if_not_exists(${name(list)}, ${value('none', [])})`;
    sets.push(`${name(list)} = list_append(${before}, ${value('entry', [entry])})`);
  }
  const removes = (change.remove ?? []).map(name);
  const equal = Object.entries(expectation.equals)
    .map(([attribute, content]) => `${name(attribute)} = ${value(`was_${attribute}`, content)}`)
    .join(' AND ');
  const absent =
    expectation.orAbsent === undefined
      ? ''
      : `attribute_not_exists(${name(expectation.orAbsent.partitionKey)}) OR `;

  return {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    ConditionExpression: absent === '' ? equal : `${absent}(${equal})`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: itemOf(values),
  };
}
