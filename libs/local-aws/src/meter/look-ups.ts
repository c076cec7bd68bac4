import type { ServiceCall } from '../service-call.ts';
import type { FindSubjects } from './subjects.ts';

/** A look-up: an API's GET that names its subject, which is about what exists already and not part of making it. */
export interface LookUp {
  /** Method and path of the API's resource: `GET /thing/{id}`. */
  readonly route: string;
  readonly subjects: readonly string[];
}

/** Which functions look up which subjects at the moment, so that their calls can be told from other calls. */
export interface LookUps {
  begin(functionName: string, lookUp: LookUp): void;
  end(functionName: string, lookUp: LookUp): void;
  /** The route of the look-up for which this call is made, undefined if it is made for none. */
  routeOf(call: Pick<ServiceCall, 'principal'>, subjects: readonly string[]): string | undefined;
}

export function createLookUps(): LookUps {
  const underWay = new Map<string, LookUp[]>();
  const keysOf = (user: string, subjects: readonly string[]) =>
    subjects.map((subject) => `${user} ${subject}`);
  return {
    begin(functionName, lookUp) {
      for (const key of keysOf(functionName, lookUp.subjects)) {
        underWay.set(key, [...(underWay.get(key) ?? []), lookUp]);
      }
    },
    end(functionName, lookUp) {
      for (const key of keysOf(functionName, lookUp.subjects)) {
        const others = (underWay.get(key) ?? []).filter((one) => one !== lookUp);
        if (others.length === 0) {
          underWay.delete(key);
        } else {
          underWay.set(key, others);
        }
      }
    },
    routeOf({ principal }, subjects) {
      return principal.kind === 'role'
        ? keysOf(principal.user, subjects)
            .map((key) => underWay.get(key)?.[0]?.route)
            .find((route) => route !== undefined)
        : undefined;
    },
  };
}

/** The look-up that an API asks of a function, undefined for any other event. */
export function lookUpIn(payload: string, find: FindSubjects): LookUp | undefined {
  // Most events are none, and needn't be parsed for it.
  if (!payload.includes('"httpMethod":"GET"')) {
    return undefined;
  }
  const { httpMethod, resource, path } = JSON.parse(payload) as Readonly<Record<string, unknown>>;
  if (httpMethod !== 'GET' || typeof resource !== 'string' || typeof path !== 'string') {
    return undefined;
  }
  const subjects = find(path);
  return subjects.length === 0 ? undefined : { route: `${httpMethod} ${resource}`, subjects };
}

/** What an operation is called in the meter: with the route where a look-up made it, or it would pass for a part of the order. */
export function operationFor(route: string | undefined, operation: string): string {
  return route === undefined ? operation : `${operation} for ${route}`;
}
