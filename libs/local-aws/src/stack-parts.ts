/** What a running stack consists of, in the order in which it is taken down: what gives work first, stores last. */
const CLOSE_ORDER = [
  'schedules',
  'mappings',
  'api',
  'states',
  'functions',
  'endpoint',
  'sqs',
  'dynamodb',
  'logs',
] as const;

export type StackPart = (typeof CLOSE_ORDER)[number];

export interface StackParts {
  /** Remembers how to close a part that has been started. */
  started(part: StackPart, close: () => void | Promise<void>): void;
  /**
   * Closes what has been started, once.
   * @throws AggregateError of what went wrong on the way; the rest is closed all the same
   */
  close(): Promise<void>;
}

export function createStackParts(): StackParts {
  const closers = new Map<StackPart, () => void | Promise<void>>();
  return {
    started(part, close) {
      closers.set(part, close);
    },
    async close() {
      const errors: unknown[] = [];
      for (const part of CLOSE_ORDER) {
        const close = closers.get(part);
        closers.delete(part);
        try {
          await close?.();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) {
        throw new AggregateError(errors, 'the stack could not be closed cleanly');
      }
    },
  };
}
