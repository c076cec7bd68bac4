/** The pieces that a Terraform template is made of. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly tokens: readonly Token[] }
  | { readonly kind: 'string'; readonly tokens: readonly Token[] }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'punctuation'; readonly text: string };

const WORD = /[A-Za-z_][\w-]*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const SPACE = /\s+/y;
const PUNCTUATION = '.,[](){}=:';
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

interface Source {
  readonly text: string;
  at: number;
}

/**
 * Cuts a template into text and interpolations, and those into words, numbers and punctuation.
 * @throws SyntaxError where the text uses what this reader doesn't know (operators, `%{` directives)
 */
export function tokenize(text: string): Token[] {
  return templateTokens({ text, at: 0 }, false);
}

/** Up to the end of the text or, within quotes, up to the closing quote. */
function templateTokens(source: Source, quoted: boolean): Token[] {
  const tokens: Token[] = [];
  let literal = '';
  const endLiteral = () => {
    if (literal !== '') {
      tokens.push({ kind: 'text', text: literal });
      literal = '';
    }
  };
  for (;;) {
    const rest = source.text.slice(source.at, source.at + 3);
    if (rest === '' || (quoted && rest.startsWith('"'))) {
      break;
    }
    if (rest === '$${' || rest === '%%{') {
      literal += rest.slice(1);
      source.at += 3;
    } else if (rest.startsWith('${')) {
      endLiteral();
      source.at += 2;
      tokens.push({ kind: 'interpolation', tokens: expressionTokens(source) });
    } else if (rest.startsWith('%{')) {
      throw new SyntaxError('template directives (%{...}) are not supported');
    } else if (quoted && rest.startsWith('\\')) {
      literal += escaped(source);
    } else {
      literal += rest.charAt(0);
      source.at += 1;
    }
  }
  endLiteral();
  if (quoted) {
    closeQuote(source);
  }
  return tokens;
}

function closeQuote(source: Source): void {
  if (source.text.charAt(source.at) !== '"') {
    throw new SyntaxError('a quoted string does not end');
  }
  source.at += 1;
}

function escaped(source: Source): string {
  const letter = source.text.charAt(source.at + 1);
  if (letter === 'u') {
    const code = source.text.slice(source.at + 2, source.at + 6);
    source.at += 6;
    return String.fromCharCode(Number.parseInt(code, 16));
  }
  const character = ESCAPES[letter];
  if (character === undefined) {
    throw new SyntaxError(`unknown escape \\${letter}`);
  }
  source.at += 2;
  return character;
}

/** Up to the brace that closes the interpolation. */
function expressionTokens(source: Source): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (;;) {
    match(source, SPACE);
    const character = source.text.charAt(source.at);
    if (character === '') {
      throw new SyntaxError('an interpolation does not end');
    }
    if (character === '}' && depth === 0) {
      source.at += 1;
      return tokens;
    }
    depth += character === '{' ? 1 : character === '}' ? -1 : 0;
    tokens.push(expressionToken(source, character));
  }
}

function expressionToken(source: Source, character: string): Token {
  if (character === '"') {
    source.at += 1;
    return { kind: 'string', tokens: templateTokens(source, true) };
  }
  const word = match(source, WORD);
  if (word !== undefined) {
    return { kind: 'word', text: word };
  }
  const number = match(source, NUMBER);
  if (number !== undefined) {
    return { kind: 'number', value: Number(number) };
  }
  if (!PUNCTUATION.includes(character)) {
    throw new SyntaxError(`the operator "${character}" is not supported`);
  }
  source.at += 1;
  return { kind: 'punctuation', text: character };
}

function match(source: Source, pattern: RegExp): string | undefined {
  pattern.lastIndex = source.at;
  const [found] = pattern.exec(source.text) ?? [];
  source.at += found?.length ?? 0;
  return found;
}
