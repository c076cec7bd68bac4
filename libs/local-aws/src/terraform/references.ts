import { plainPath } from './evaluate.ts';
import { parseTemplate, type Expression } from './expression.ts';
import { StackError } from './stack-error.ts';
import type { Block, Json, TerraformFile } from './terraform-file.ts';

interface Reference {
  /** Address of what is referred to. */
  readonly address: string;
  /** Where it is written. */
  readonly where: string;
  readonly expression: string;
}

/**
 * Checks what resolving one argument at a time would not see: that everything that is referred to exists, also
 * where no engine looks, and that no resources need each other, which Terraform would refuse to apply.
 * @throws StackError naming the address and the expression, or the circle
 */
export function checkReferences(file: TerraformFile): void {
  const needs = new Map<string, ReadonlySet<string>>();
  for (const block of file.blocks.values()) {
    needs.set(block.address, dependencies(block, file));
  }
  const done = new Set<string>();
  for (const address of file.blocks.keys()) {
    checkCircle(address, needs, [], done);
  }
}

function dependencies(block: Block, file: TerraformFile): Set<string> {
  const references = [
    ...referencesIn(block.args, block.address),
    ...block.dependsOn.map((address) => ({
      address,
      where: `${block.address}.depends_on`,
      expression: address,
    })),
  ];
  for (const { address, where, expression } of references) {
    if (!file.blocks.has(address)) {
      throw new StackError(where, `${expression}: there is no ${address} in the stack`);
    }
  }
  return new Set(references.map(({ address }) => address));
}

function checkCircle(
  address: string,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  path: readonly string[],
  done: Set<string>,
): void {
  if (done.has(address)) {
    return;
  }
  const start = path.indexOf(address);
  if (start >= 0) {
    throw new StackError(address, `needs itself: ${[...path.slice(start), address].join(' -> ')}`);
  }
  for (const needed of needs.get(address) ?? []) {
    checkCircle(needed, needs, [...path, address], done);
  }
  done.add(address);
}

function referencesIn(value: Json, where: string): Reference[] {
  if (typeof value === 'string') {
    return value.includes('${') ? referencesInText(value, where) : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((entry: Json, index) => referencesIn(entry, `${where}[${index}]`));
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([key, entry]) => referencesIn(entry, `${where}.${key}`));
}

function referencesInText(text: string, where: string): Reference[] {
  try {
    return pathsIn(parseTemplate(text))
      .map(([root, second, third]) => (root === 'data' ? `data.${second}.${third}` : `${root}.${second}`))
      .filter((address) => !/^(?:var|local)\./.test(address))
      .map((address) => ({ address, where, expression: text }));
  } catch (error) {
    throw new StackError(where, `${text}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function pathsIn(expression: Expression): string[][] {
  const path = plainPath(expression);
  if (path !== undefined) {
    return [path];
  }
  switch (expression.kind) {
    case 'template':
      return expression.parts.flatMap(pathsIn);
    case 'list':
      return expression.items.flatMap(pathsIn);
    case 'call':
      return expression.args.flatMap(pathsIn);
    case 'object':
      return expression.entries.flatMap(([key, value]) => [...pathsIn(key), ...pathsIn(value)]);
    case 'attribute':
      return pathsIn(expression.of);
    case 'index':
      return [...pathsIn(expression.of), ...pathsIn(expression.key)];
    default:
      return [];
  }
}
