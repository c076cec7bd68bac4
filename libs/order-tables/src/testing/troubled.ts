/** What goes wrong with one call: nothing; it fails before it takes effect; it takes effect and its answer is lost. */
export type Trouble = 'none' | 'before' | 'after';

/** The technical error that troubled calls end in. */
export class TroubleError extends Error {
  override readonly name = 'TroubleError';
}

export interface Troubles {
  /** Waited for before and after each call, so that callers interleave. */
  readonly pause: () => Promise<void>;
  readonly next: () => Trouble;
}

/** A port whose calls come to grief as told. */
export function troubled<Port extends object>(port: Port, { pause, next }: Troubles): Port {
  return new Proxy(port, {
    get(target, member): unknown {
      const call: unknown = Reflect.get(target, member);
      if (typeof call !== 'function') {
        return call;
      }
      return async (...parameters: unknown[]): Promise<unknown> => {
        const trouble = next();
        await pause();
        if (trouble === 'before') {
          throw new TroubleError(`${String(member)} failed`);
        }
        const answer: unknown = await Reflect.apply(call, target, parameters);
        await pause();
        if (trouble === 'after') {
          throw new TroubleError(`the answer of ${String(member)} was lost`);
        }
        return answer;
      };
    },
  });
}

/** The troubles of a list, one a call, and none after its end. */
export function troublesOf(list: readonly Trouble[]): () => Trouble {
  const rest = [...list];
  return () => rest.shift() ?? 'none';
}
