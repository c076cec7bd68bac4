import type { ApiDescription, ApiMethod } from '../stack-description.ts';

export interface Route {
  readonly method: ApiMethod;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type Router = (httpMethod: string, path: string) => Route | undefined;

interface CompiledMethod {
  readonly method: ApiMethod;
  readonly segments: readonly string[];
}

/**
 * Finds a request's method: a literal segment wins over a `{parameter}`, that over a `{proxy+}`, and a method of
 * its own over ANY.
 */
export function createRouter(api: ApiDescription): Router {
  const methods = api.methods
    .map((method): CompiledMethod => ({ method, segments: segmentsOf(method.resourcePath) }))
    .sort((left, right) => order(left).localeCompare(order(right)));
  return (httpMethod, path) => {
    const prefix = `/${api.stageName}`;
    if (path !== prefix && !path.startsWith(`${prefix}/`)) {
      return undefined;
    }
    const segments = segmentsOf(path.slice(prefix.length));
    for (const { method, segments: pattern } of methods) {
      const pathParameters = match(pattern, segments);
      if (pathParameters !== undefined && (method.httpMethod === httpMethod || method.httpMethod === 'ANY')) {
        return { method, pathParameters };
      }
    }
    return undefined;
  };
}

/** A slash at the end is no segment of its own. */
function segmentsOf(path: string): string[] {
  return path
    .replace(/^\//, '')
    .replace(/\/$/, '')
    .split('/')
    .filter((segment, _, all) => all.length > 1 || segment !== '');
}

/** Sorts the more particular first. */
function order({ method, segments }: CompiledMethod): string {
  const ranks = segments.map((segment) => (isGreedy(segment) ? '2' : isParameter(segment) ? '1' : '0'));
  return `${ranks.join('')} ${method.httpMethod === 'ANY' ? '1' : '0'}`;
}

const isParameter = (segment: string) => segment.startsWith('{') && segment.endsWith('}');
const isGreedy = (segment: string) => segment.endsWith('+}');

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined || (segment === '' && isParameter(expected))) {
      return undefined;
    }
    if (isGreedy(expected)) {
      parameters[expected.slice(1, -2)] = segments.slice(index).map(decoded).join('/');
      return parameters;
    }
    if (isParameter(expected)) {
      parameters[expected.slice(1, -1)] = decoded(segment);
    } else if (decoded(segment) !== expected) {
      return undefined;
    }
  }
  return pattern.length === segments.length ? parameters : undefined;
}

/** A stray percent sign stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
