/** A map that holds the latest entries only, so that a long run needs no more memory than a short one. */
export interface Recent<V> {
  get(key: string): V | undefined;
  /** Puts the entry in as the latest one; the oldest one goes if there are too many. */
  set(key: string, value: V): void;
  delete(key: string): void;
  entries(): IterableIterator<[string, V]>;
  readonly size: number;
}

/** @param most entries held at once */
export function recent<V>(most: number): Recent<V> {
  const map = new Map<string, V>();
  return {
    get: (key) => map.get(key),
    set(key, value) {
      map.delete(key);
      map.set(key, value);
      const [oldest] = map.keys();
      if (map.size > most && oldest !== undefined) {
        map.delete(oldest);
      }
    },
    delete: (key) => void map.delete(key),
    entries: () => map.entries(),
    get size() {
      return map.size;
    },
  };
}
