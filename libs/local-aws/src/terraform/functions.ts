import { createHash } from 'node:crypto';

type TerraformFunction = (...args: readonly unknown[]) => unknown;

/**
 * Terraform's functions that stacks use where the local engines look. Anything else is an error that names the
 * function: a guessed value would be worse than none.
 */
const FUNCTIONS: Readonly<Record<string, TerraformFunction>> = {
  jsonencode: (value) => jsonEncode(value),
  jsondecode: (text) => JSON.parse(asText(text)) as unknown,
  sha1: (text) => createHash('sha1').update(asText(text)).digest('hex'),
  sha256: (text) => createHash('sha256').update(asText(text)).digest('hex'),
  md5: (text) => createHash('md5').update(asText(text)).digest('hex'),
  base64encode: (text) => Buffer.from(asText(text)).toString('base64'),
  join: (separator, ...lists) => lists.flat().map(asText).join(asText(separator)),
  split: (separator, text) => asText(text).split(asText(separator)),
  replace: (text, search, replacement) => asText(text).replaceAll(asText(search), asText(replacement)),
  lower: (text) => asText(text).toLowerCase(),
  upper: (text) => asText(text).toUpperCase(),
  tostring: (value) => asText(value),
  tonumber: (value) => Number(asText(value)),
  tolist: (list) => list,
  toset: (list) => list,
  concat: (...lists) => lists.flat(),
  element: (list, index) => (Array.isArray(list) && list.length > 0 ? elementOf(list, index) : undefined),
  length: (value) => (typeof value === 'string' ? value.length : Object.keys(value ?? {}).length),
};

/**
 * @throws Error where the function isn't known, or its arguments aren't what it takes
 */
export function callFunction(name: string, args: readonly unknown[]): unknown {
  const implementation = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (implementation === undefined) {
    throw new Error(`the function ${name}() is not supported`);
  }
  return implementation(...args);
}

/** How Terraform writes a value into a text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new Error(`expected a text, found ${value === undefined ? 'nothing' : JSON.stringify(value)}`);
}

function elementOf(list: readonly unknown[], index: unknown): unknown {
  return list[Number(index) % list.length];
}

/** Keys in order and `<`, `>`, `&` escaped, as Terraform's jsonencode writes them. */
function jsonEncode(value: unknown): string {
  return JSON.stringify(sorted(value)).replaceAll(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}
