import type { Expression } from './expression.ts';
import { asText, callFunction } from './functions.ts';

/** What names stand for: `aws_sqs_queue.orders`, `data.aws_region.current`, `var.x`, `local.x`. */
export interface Scope {
  /**
   * @param path the reference's words; as many are taken as name the thing, the rest are its members
   * @returns the value and how many words of the path it took
   * @throws Error where there is no such thing
   */
  look(path: readonly string[]): { readonly value: unknown; readonly taken: number };
}

/**
 * The value of an expression.
 * @throws Error that says what is wrong with the expression; the caller knows where it stands
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return expression.parts.map((part) => asText(evaluate(part, scope))).join('');
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [asText(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'call':
      return callFunction(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope)),
      );
    default:
      return evaluateReference(expression, scope);
  }
}

/** The words of `a.b.c` where the expression is a plain chain of them. */
export function plainPath(expression: Expression): string[] | undefined {
  if (expression.kind === 'name') {
    return [expression.name];
  }
  if (expression.kind === 'attribute') {
    const of = plainPath(expression.of);
    return of === undefined ? undefined : [...of, expression.name];
  }
  return undefined;
}

type Reference = Extract<Expression, { kind: 'name' | 'attribute' | 'index' }>;

function evaluateReference(expression: Reference, scope: Scope): unknown {
  const path = plainPath(expression);
  if (path !== undefined) {
    const { value, taken } = scope.look(path);
    return path.slice(taken).reduce(member, value);
  }
  if (expression.kind === 'name') {
    throw new Error(`unknown name ${expression.name}`);
  }
  const of = evaluate(expression.of, scope);
  return member(of, expression.kind === 'attribute' ? expression.name : evaluate(expression.key, scope));
}

function member(of: unknown, key: unknown): unknown {
  // A single nested block is an object in Terraform JSON and a list of one to expressions.
  if (key === 0 && of !== null && typeof of === 'object' && !Array.isArray(of)) {
    return of;
  }
  const name = asText(key);
  if (of === null || typeof of !== 'object' || !Object.hasOwn(of, name)) {
    throw new Error(`there is no ${name} in ${JSON.stringify(of) ?? 'nothing'}`);
  }
  return (of as Readonly<Record<string, unknown>>)[name];
}
