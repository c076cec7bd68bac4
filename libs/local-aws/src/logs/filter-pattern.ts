import { AwsError } from '../service-call.ts';

export type MatchesMessage = (message: string) => boolean;

/**
 * Compiles a CloudWatch Logs filter pattern: terms (`ERROR "order failed" -DEBUG ?a ?b`) or JSON
 * (`{ $.order_id = "x" && $.attempt > 1 }`).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws AwsError InvalidParameterException for what is neither
 */
export function compileFilterPattern(pattern: string): MatchesMessage {
  const text = pattern.trim();
  if (text.startsWith('{')) {
    return compileJsonPattern(text);
  }
  if (text.startsWith('[') || text.startsWith('%')) {
    throw invalid(pattern);
  }
  return compileTerms(text);
}

function invalid(pattern: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid filter pattern on this machine: ${pattern}`);
}

/** All terms must occur, none of the excluded ones, and one of the optional ones if there are any. */
function compileTerms(pattern: string): MatchesMessage {
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)].map(
    ([, sign = '', quoted, bare = '']) => ({ sign, term: quoted?.replace(/\\(.)/g, '$1') ?? bare }),
  );
  const having = (wanted: string) => terms.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [required, excluded, optional] = [having(''), having('-'), having('?')];
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}

type MatchesJson = (value: unknown) => boolean;

interface Tokens {
  readonly pattern: string;
  readonly values: string[];
}

const TOKEN =
  /\s*(&&|\|\||!=|<=|>=|=|<|>|\(|\)|"(?:[^"\\]|\\.)*"|\$(?:\.[\w-]+|\[\d+\]|\["[^"]+"\])+|[^\s()=!<>&|"]+)/gy;

function compileJsonPattern(pattern: string): MatchesMessage {
  if (!pattern.endsWith('}')) {
    throw invalid(pattern);
  }
  const inner = pattern.slice(1, -1).trimEnd();
  const values = [...inner.matchAll(TOKEN)].map(([, token = '']) => token);
  if (values.join('').length !== inner.replace(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, '').length) {
    throw invalid(pattern);
  }
  const tokens: Tokens = { pattern, values };
  const matches = parseOr(tokens);
  if (tokens.values.length > 0) {
    throw invalid(pattern);
  }
  return (message) => {
    const value = parsedObject(message);
    return value !== undefined && matches(value);
  };
}

function parsedObject(message: string): unknown {
  if (!message.trimStart().startsWith('{')) {
    return undefined;
  }
  try {
    return JSON.parse(message) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function parseOr(tokens: Tokens): MatchesJson {
  const alternatives = [parseAnd(tokens)];
  while (tokens.values[0] === '||') {
    tokens.values.shift();
    alternatives.push(parseAnd(tokens));
  }
  return (value) => alternatives.some((matches) => matches(value));
}

function parseAnd(tokens: Tokens): MatchesJson {
  const parts = [parseTerm(tokens)];
  while (tokens.values[0] === '&&') {
    tokens.values.shift();
    parts.push(parseTerm(tokens));
  }
  return (value) => parts.every((matches) => matches(value));
}

function parseTerm(tokens: Tokens): MatchesJson {
  const path = tokens.values.shift();
  if (path === '(') {
    const inner = parseOr(tokens);
    if (tokens.values.shift() !== ')') {
      throw invalid(tokens.pattern);
    }
    return inner;
  }
  const operator = tokens.values.shift();
  const operand = tokens.values.shift();
  if (path?.startsWith('$') !== true || operator === undefined || operand === undefined) {
    throw invalid(tokens.pattern);
  }
  const keys = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]+)"\]/g)].map(
    ([, a, b, c]) => a ?? b ?? c ?? '',
  );
  return comparison(keys, operator, operand, tokens);
}

function comparison(keys: readonly string[], operator: string, operand: string, tokens: Tokens): MatchesJson {
  switch (operator) {
    case '=':
    case '!=': {
      const equal = equals(operand);
      return (value) => {
        const found = at(value, keys);
        return found !== undefined && equal(found) === (operator === '=');
      };
    }
    case 'IS':
      return (value) => isConstant(at(value, keys), operand);
    case 'NOT':
      return (value) => at(value, keys) === undefined;
    case '<':
    case '>':
    case '<=':
    case '>=': {
      const compare = COMPARE[operator];
      const right = Number(operand);
      return (value) => {
        const left = at(value, keys);
        return typeof left === 'number' && compare(left, right);
      };
    }
    default:
      throw invalid(tokens.pattern);
  }
}

const COMPARE = {
  '<': (left: number, right: number) => left < right,
  '>': (left: number, right: number) => left > right,
  '<=': (left: number, right: number) => left <= right,
  '>=': (left: number, right: number) => left >= right,
};

/** `"x"` and `x` are texts with `*` as wildcard; a number also equals a number. */
function equals(operand: string): (found: unknown) => boolean {
  const text = operand.startsWith('"') ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  const expression = new RegExp(`^${text.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
  return (found) =>
    typeof found === 'number' && !operand.startsWith('"')
      ? found === Number(operand)
      : typeof found === 'string' && expression.test(found);
}

function isConstant(found: unknown, operand: string): boolean {
  const constants: Readonly<Record<string, unknown>> = { TRUE: true, FALSE: false, NULL: null };
  return operand in constants && found === constants[operand];
}

function at(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null
        ? (current as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );
}
