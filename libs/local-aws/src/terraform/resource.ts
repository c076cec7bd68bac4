import { StackError } from './stack-error.ts';

/** A resource or data source whose arguments resolve when they are asked for. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly isData: boolean;
  readonly argumentNames: readonly string[];
  /**
   * The argument with every reference resolved; undefined where it is absent or null.
   * @throws StackError naming address and expression
   */
  argument(name: string): unknown;
  /** An argument or an attribute that AWS computes (`arn`, `id`, ...). */
  attribute(name: string): unknown;
}

/** What holds for the whole stack. */
export interface StackContext {
  readonly stackDir: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** Any resource by its address. */
  resource(address: string): Resource | undefined;
  /** Every resource of a type, in the file's order. */
  resources(type: string): readonly Resource[];
}

/**
 * What becomes of an argument: `honoured` by the engines; `harmless` where ignoring it changes nothing that
 * anybody could notice on one machine; a list of the values that are honoured (any other is not) or a pattern of
 * them; or the same for the arguments of a nested block.
 */
export type Handling =
  'honoured' | 'harmless' | readonly unknown[] | RegExp | { readonly [argument: string]: Handling };

/** What the engines know of one type of resource. */
export interface ResourceType {
  /** Arguments that aren't listed are not honoured. */
  readonly args: Readonly<Record<string, Handling>>;
  /** Attributes that AWS computes. */
  readonly computed: Readonly<Record<string, (resource: Resource, context: StackContext) => unknown>>;
  /** Nothing runs for this resource: it is named at start as a whole, and only its attributes can be referred to. */
  readonly notRun?: true;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

export interface Args {
  readonly address: string;
  argument(name: string): unknown;
}

/** @throws StackError where the argument is missing or no text */
export function text(of: Args, name: string): string {
  const value = optionalText(of, name);
  if (value === undefined) {
    throw new StackError(`${of.address}.${name}`, 'is required');
  }
  return value;
}

export function optionalText(of: Args, name: string): string | undefined {
  const value = of.argument(name);
  if (value === undefined || typeof value === 'string') {
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new StackError(`${of.address}.${name}`, `expected a text, found ${JSON.stringify(value)}`);
}

/** Terraform turns a text that is a number into one. */
export function optionalNumber(of: Args, name: string): number | undefined {
  const value = optionalText(of, name);
  if (value === undefined) {
    return undefined;
  }
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) {
    throw new StackError(`${of.address}.${name}`, `expected a number, found ${JSON.stringify(value)}`);
  }
  return number;
}

export function optionalFlag(of: Args, name: string): boolean | undefined {
  const value = optionalText(of, name);
  if (value === undefined || value === 'true' || value === 'false') {
    return value === undefined ? undefined : value === 'true';
  }
  throw new StackError(`${of.address}.${name}`, `expected true or false, found ${JSON.stringify(value)}`);
}

/** A list of texts; empty where the argument is absent. */
export function texts(of: Args, name: string): readonly string[] {
  const value = of.argument(name);
  if (value === undefined) {
    return [];
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => {
    if (typeof entry !== 'string') {
      throw new StackError(`${of.address}.${name}`, `expected texts, found ${JSON.stringify(entry)}`);
    }
    return entry;
  });
}

/** A map of texts; empty where the argument is absent. */
export function textMap(of: Args, name: string): Readonly<Record<string, string>> {
  const value = of.argument(name);
  if (value === undefined) {
    return {};
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new StackError(`${of.address}.${name}`, 'expected a map');
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry)]));
}

/** Nested blocks: Terraform JSON has one as an object, several as a list. */
export function nestedBlocks(of: Args, name: string): readonly Args[] {
  const value = of.argument(name);
  if (value === undefined) {
    return [];
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry, index) => nestedBlock(`${of.address}.${name}[${index}]`, entry));
}

/** The one nested block of that name, if it is there. */
export function optionalBlock(of: Args, name: string): Args | undefined {
  return nestedBlocks(of, name)[0];
}

function nestedBlock(address: string, value: unknown): Args {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new StackError(address, 'expected a block');
  }
  const members = value as Readonly<Record<string, unknown>>;
  return { address, argument: (name) => members[name] ?? undefined };
}
