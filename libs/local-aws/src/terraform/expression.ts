import { tokenize, type Token } from './tokens.ts';

/** Terraform's expression language (HCL native syntax), as much of it as CDKTF writes into strings. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Expression, Expression])[] };

/**
 * Reads a string of a Terraform JSON file as the template that it is: text with `${...}` in it.
 * @throws SyntaxError with what was found instead of what
 */
export function parseTemplate(text: string): Expression {
  return parseTokens(tokenize(text));
}

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

function parseTokens(tokens: readonly Token[]): Expression {
  const parts = tokens.map((token): Expression => {
    if (token.kind === 'text') {
      return { kind: 'literal', value: token.text };
    }
    if (token.kind !== 'interpolation') {
      throw new SyntaxError(`unexpected ${describe(token)}`);
    }
    const cursor: Cursor = { tokens: token.tokens, at: 0 };
    const expression = parseExpression(cursor);
    const rest = cursor.tokens[cursor.at];
    if (rest !== undefined) {
      throw new SyntaxError(`unexpected ${describe(rest)}`);
    }
    return expression;
  });
  // A string that is one interpolation and nothing else has the expression's own type (a list, a number).
  const [only, ...others] = parts;
  if (only === undefined) {
    return { kind: 'literal', value: '' };
  }
  return others.length === 0 ? only : { kind: 'template', parts };
}

function parseExpression(cursor: Cursor): Expression {
  let expression = parsePrimary(cursor);
  for (;;) {
    if (accept(cursor, '.')) {
      expression = parseAttribute(cursor, expression);
    } else if (accept(cursor, '[')) {
      const key = parseExpression(cursor);
      expect(cursor, ']');
      expression = { kind: 'index', of: expression, key };
    } else {
      return expression;
    }
  }
}

function parseAttribute(cursor: Cursor, of: Expression): Expression {
  const token = next(cursor);
  if (token.kind === 'word') {
    return { kind: 'attribute', of, name: token.text };
  }
  if (token.kind === 'number') {
    return { kind: 'index', of, key: { kind: 'literal', value: token.value } };
  }
  throw new SyntaxError(`expected an attribute's name, found ${describe(token)}`);
}

function parsePrimary(cursor: Cursor): Expression {
  const token = next(cursor);
  switch (token.kind) {
    case 'number':
      return { kind: 'literal', value: token.value };
    case 'string':
      return parseTokens(token.tokens);
    case 'word':
      return parseWord(cursor, token.text);
    case 'punctuation':
      return parseBracketed(cursor, token);
    default:
      throw new SyntaxError(`unexpected ${describe(token)}`);
  }
}

function parseWord(cursor: Cursor, word: string): Expression {
  if (accept(cursor, '(')) {
    return { kind: 'call', name: word, args: parseItems(cursor, ')') };
  }
  if (word === 'true' || word === 'false') {
    return { kind: 'literal', value: word === 'true' };
  }
  return word === 'null' ? { kind: 'literal', value: null } : { kind: 'name', name: word };
}

function parseBracketed(cursor: Cursor, token: Token & { kind: 'punctuation' }): Expression {
  switch (token.text) {
    case '(': {
      const inner = parseExpression(cursor);
      expect(cursor, ')');
      return inner;
    }
    case '[':
      return { kind: 'list', items: parseItems(cursor, ']') };
    case '{':
      return { kind: 'object', entries: parseEntries(cursor) };
    default:
      throw new SyntaxError(`unexpected ${describe(token)}`);
  }
}

function parseItems(cursor: Cursor, end: string): Expression[] {
  const items: Expression[] = [];
  while (!accept(cursor, end)) {
    items.push(parseExpression(cursor));
    if (!accept(cursor, ',')) {
      expect(cursor, end);
      break;
    }
  }
  return items;
}

function parseEntries(cursor: Cursor): (readonly [Expression, Expression])[] {
  const entries: (readonly [Expression, Expression])[] = [];
  while (!accept(cursor, '}')) {
    const key = parseExpression(cursor);
    if (!accept(cursor, '=')) {
      expect(cursor, ':');
    }
    // A bare word as a key is the key's text, not a reference.
    entries.push([key.kind === 'name' ? { kind: 'literal', value: key.name } : key, parseExpression(cursor)]);
    accept(cursor, ',');
  }
  return entries;
}

function next(cursor: Cursor): Token {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) {
    throw new SyntaxError('unexpected end of the expression');
  }
  cursor.at += 1;
  return token;
}

function accept(cursor: Cursor, punctuation: string): boolean {
  const token = cursor.tokens[cursor.at];
  if (token?.kind === 'punctuation' && token.text === punctuation) {
    cursor.at += 1;
    return true;
  }
  return false;
}

function expect(cursor: Cursor, punctuation: string): void {
  if (!accept(cursor, punctuation)) {
    const token = cursor.tokens[cursor.at];
    throw new SyntaxError(
      `expected "${punctuation}", found ${token === undefined ? 'the end' : describe(token)}`,
    );
  }
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'number':
      return String(token.value);
    case 'interpolation':
    case 'string':
      return `a ${token.kind}`;
    default:
      return `"${token.text}"`;
  }
}
