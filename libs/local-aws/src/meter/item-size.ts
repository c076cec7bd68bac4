/**
 * Sizes of items as DynamoDB bills them (AWS: "DynamoDB item sizes and formats"). AWS calls the size of a number
 * approximate; the rest is exact.
 */

export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** A list or a map costs this many bytes, and one more for each of its entries. */
const NESTING_BYTES = 3;

/** Bytes of an item: its attributes' names in UTF-8 and their values. */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    bytes += Buffer.byteLength(name) + valueSize(item[name] ?? {});
  }
  return bytes;
}

/** Bytes of the attributes with these names, where the item has them. */
export function projectedSize(item: Item, names: Iterable<string>): number {
  let bytes = 0;
  for (const name of names) {
    const value = item[name];
    bytes += value === undefined ? 0 : Buffer.byteLength(name) + valueSize(value);
  }
  return bytes;
}

function valueSize(value: AttributeValue): number {
  const [entry] = Object.entries(value);
  if (entry === undefined) {
    return 0;
  }
  const [type, content] = entry;
  switch (type) {
    case 'S':
      return Buffer.byteLength(content as string);
    case 'N':
      return numberSize(content as string);
    case 'B':
      return base64Size(content);
    case 'SS':
      return sum(content as string[], (text) => Buffer.byteLength(text));
    case 'NS':
      return sum(content as string[], numberSize);
    case 'BS':
      return sum(content as unknown[], base64Size);
    case 'L':
      return NESTING_BYTES + sum(content as AttributeValue[], (entry) => 1 + valueSize(entry));
    case 'M':
      return NESTING_BYTES + Object.keys(content as Item).length + itemSize(content as Item);
    default: // NULL and BOOL
      return 1;
  }
}

/** One byte for each two significant digits, one more, and one for a minus sign. */
function numberSize(text: string): number {
  const [mantissa = ''] = text.toLowerCase().split('e');
  const digits = mantissa.replace(/[^\d]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

function base64Size(content: unknown): number {
  return typeof content === 'string' ? Buffer.byteLength(content, 'base64') : 0;
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}
