import { evaluate } from './evaluate.ts';
import { parseTemplate } from './expression.ts';
import { checkReferences } from './references.ts';
import type { Resource, ResourceTypes, StackContext } from './resource.ts';
import { StackError } from './stack-error.ts';
import type { Block, Json, TerraformFile } from './terraform-file.ts';

/** The account that everything on this machine belongs to. */
export const LOCAL_ACCOUNT_ID = '123456789012';

export interface Resolver {
  readonly context: StackContext;
  readonly resources: readonly Resource[];
  /** @param where the address to name in an error */
  resolve(value: Json, where: string): unknown;
}

/**
 * Makes the stack's references resolvable.
 * @throws StackError where something is referred to that isn't there, or in a circle
 */
export function createResolver(file: TerraformFile, types: ResourceTypes, stackDir: string): Resolver {
  checkReferences(file);
  const memo = new Map<string, { readonly value: unknown } | 'resolving'>();
  const once = (where: string, find: () => unknown): unknown => {
    const known = memo.get(where);
    if (known === 'resolving') {
      throw new StackError(where, 'refers to itself in a circle');
    }
    if (known !== undefined) {
      return known.value;
    }
    memo.set(where, 'resolving');
    const value = find();
    memo.set(where, { value });
    return value;
  };
  const resolve = (value: Json, where: string): unknown => resolveValue(value, where, look);
  const resources = new Map<string, Resource>();
  const look = (path: readonly string[]): { value: unknown; taken: number } => {
    const [root, second, third, fourth] = path;
    if (root === 'var' && second !== undefined) {
      return { value: variable(file, second, resolve), taken: 2 };
    }
    if (root === 'local' && second !== undefined) {
      const local = file.locals[second] ?? null;
      return { value: once(`local.${second}`, () => resolve(local, `local.${second}`)), taken: 2 };
    }
    const [address, attribute, taken] =
      root === 'data' ? [`data.${second}.${third}`, fourth, 4] : [`${root}.${second}`, third, 3];
    const resource = resources.get(address);
    if (resource === undefined) {
      throw new Error(`there is no ${path.join('.')}`);
    }
    return { value: attribute === undefined ? resource : resource.attribute(attribute), taken };
  };
  const context = stackContext(file, stackDir, resources, resolve);
  for (const block of file.blocks.values()) {
    resources.set(block.address, resourceOf(block, types, context, resolve, once));
  }
  return { context, resources: [...resources.values()], resolve };
}

function resourceOf(
  block: Block,
  types: ResourceTypes,
  context: StackContext,
  resolve: Resolver['resolve'],
  once: (where: string, find: () => unknown) => unknown,
): Resource {
  const argument = (name: string): unknown => {
    const raw = Object.hasOwn(block.args, name) ? block.args[name] : undefined;
    const where = `${block.address}.${name}`;
    return raw === undefined ? undefined : (once(where, () => resolve(raw, where)) ?? undefined);
  };
  const resource: Resource = {
    address: block.address,
    type: block.type,
    name: block.name,
    isData: block.isData,
    argumentNames: Object.keys(block.args),
    argument,
    attribute: (name) => {
      const given = argument(name);
      const key = block.isData ? `data.${block.type}` : block.type;
      const computed = Object.hasOwn(types, key) ? types[key]?.computed : undefined;
      if (given !== undefined || computed === undefined || !Object.hasOwn(computed, name)) {
        if (given === undefined) {
          throw new Error(`${block.address} has no attribute ${name} that is known on this machine`);
        }
        return given;
      }
      return once(`${block.address}.${name} (computed)`, () => computed[name]?.(resource, context));
    },
  };
  return resource;
}

function stackContext(
  file: TerraformFile,
  stackDir: string,
  resources: ReadonlyMap<string, Resource>,
  resolve: Resolver['resolve'],
): StackContext {
  const region = resolve(file.awsProvider['region'] ?? null, 'provider.aws.region');
  if (typeof region !== 'string') {
    throw new StackError('provider.aws.region', 'must name the region');
  }
  return {
    stackDir,
    region,
    accountId: LOCAL_ACCOUNT_ID,
    partition: 'aws',
    resource: (address) => resources.get(address),
    resources: (type) => [...resources.values()].filter((entry) => !entry.isData && entry.type === type),
  };
}

function variable(file: TerraformFile, name: string, resolve: Resolver['resolve']): unknown {
  const declared = file.variables[name];
  const value =
    declared !== null && typeof declared === 'object'
      ? (declared as Record<string, Json>)['default']
      : undefined;
  if (value === undefined) {
    throw new Error(`the variable ${name} has no default`);
  }
  return resolve(value, `var.${name}`);
}

type Look = (path: readonly string[]) => { value: unknown; taken: number };

function resolveValue(value: Json, where: string, look: Look): unknown {
  if (typeof value === 'string') {
    return resolveText(value, where, look);
  }
  if (Array.isArray(value)) {
    return value.map((entry: Json, index) => resolveValue(entry, `${where}[${index}]`, look));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, resolveValue(entry, `${where}.${key}`, look)]),
  );
}

function resolveText(text: string, where: string, look: Look): unknown {
  if (!text.includes('{')) {
    return text;
  }
  try {
    return evaluate(parseTemplate(text), { look });
  } catch (error) {
    if (error instanceof StackError) {
      throw error;
    }
    throw new StackError(
      where,
      `${excerpt(text)}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const LONGEST_EXCERPT = 200;

function excerpt(text: string): string {
  return text.length <= LONGEST_EXCERPT ? text : `${text.slice(0, LONGEST_EXCERPT)}...`;
}
