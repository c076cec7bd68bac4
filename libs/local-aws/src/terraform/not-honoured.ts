import { isDeepStrictEqual } from 'node:util';
import type { NotHonoured } from '../stack-description.ts';
import type { Handling, Resource, ResourceTypes } from './resource.ts';

/**
 * Names what the engines leave out of a resource.
 * @throws StackError where an argument can't be resolved
 */
export function notHonouredIn(resource: Resource, types: ResourceTypes): NotHonoured[] {
  const key = resource.isData ? `data.${resource.type}` : resource.type;
  const type = Object.hasOwn(types, key) ? types[key] : undefined;
  if (type === undefined || type.notRun === true) {
    return [{ address: resource.address }];
  }
  return resource.argumentNames
    .filter((name) => resource.argument(name) !== undefined)
    .flatMap((name) => missed(handlingOf(type.args, name), resource.argument(name), name))
    .map((argument) => ({ address: resource.address, argument }));
}

function handlingOf(args: { readonly [argument: string]: Handling }, name: string): Handling | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

/** Paths of the arguments at and below `path` that are not honoured. */
function missed(handling: Handling | undefined, value: unknown, path: string): string[] {
  if (value === undefined || value === null || handling === 'honoured' || handling === 'harmless') {
    return [];
  }
  if (handling === undefined) {
    return [path];
  }
  if (isValueList(handling)) {
    return handling.some((honoured) => isDeepStrictEqual(honoured, value)) ? [] : [path];
  }
  if (handling instanceof RegExp) {
    return typeof value === 'string' && handling.test(value) ? [] : [path];
  }
  const blocks: readonly unknown[] = Array.isArray(value) ? value : [value];
  const paths = blocks.flatMap((block) =>
    block === null || typeof block !== 'object'
      ? [path]
      : Object.entries(block).flatMap(([name, entry]) =>
          missed(handlingOf(handling, name), entry, `${path}.${name}`),
        ),
  );
  return [...new Set(paths)];
}

function isValueList(handling: Handling): handling is readonly unknown[] {
  return Array.isArray(handling);
}
