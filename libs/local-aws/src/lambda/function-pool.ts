import { AwsError } from '../service-call.ts';
import type { ExecutionEnvironment, Invoked } from './execution-environment.ts';
import type { WorkerBudget } from './worker-budget.ts';

export interface PoolSettings {
  /** @param instance a name that no other worker has */
  readonly start: (instance: string) => ExecutionEnvironment;
  readonly newInstance: () => string;
  readonly budget: WorkerBudget;
  /** Most workers of this function. */
  readonly maxWorkers: number;
  /** Most invocations at a time, waiting ones included; those over it are refused. */
  readonly maxConcurrency: number;
  /** How long an invocation waits for a warm worker before a second one is started, in milliseconds. */
  readonly scaleOutAfterMs: number;
  /** How long a worker may be idle, in milliseconds. */
  readonly idleMs: number;
}

interface Waiting {
  readonly requestId: string;
  readonly payload: string;
  /** On performance.now()'s clock, in milliseconds. */
  readonly queuedAt: number;
  readonly resolve: (invoked: Invoked) => void;
  readonly reject: (error: unknown) => void;
}

interface Idle {
  readonly environment: ExecutionEnvironment;
  readonly timer: NodeJS.Timeout;
}

/** The workers of one function, and the invocations that wait for one. */
export class FunctionPool {
  readonly #settings: PoolSettings;
  readonly #workers = new Map<ExecutionEnvironment, string>();
  readonly #queue: Waiting[] = [];
  /** The most recently used last: it is the next to be used, so that others can fall idle. */
  readonly #idle: Idle[] = [];
  #inFlight = 0;
  #scaleOut: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    settings.budget.join(() => this.#stopLongestIdle());
  }

  /** @throws AwsError TooManyRequestsException */
  invoke(requestId: string, payload: string): Promise<Invoked> {
    return new Promise((resolve, reject) => {
      if (this.#inFlight >= this.#settings.maxConcurrency || this.#isClosed) {
        reject(tooManyRequests());
        return;
      }
      this.#inFlight += 1;
      this.#queue.push({ requestId, payload, queuedAt: performance.now(), resolve, reject });
      this.#serveQueue();
    });
  }

  /** Starts a first worker if there is none. Resolves once it has loaded its function. */
  async prewarm(): Promise<void> {
    if (this.#workers.size === 0 && !this.#isClosed && this.#settings.budget.take()) {
      const environment = this.#start();
      this.#park(environment);
      await environment.loaded();
    }
  }

  /** Ends a worker as an out-of-memory kill would. @returns whether it is one of this function's */
  async kill(instance: string): Promise<boolean> {
    for (const [environment, name] of this.#workers) {
      if (name === instance) {
        await environment.kill();
        return true;
      }
    }
    return false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#scaleOut);
    this.#idle.splice(0).forEach(({ timer }) => clearTimeout(timer));
    this.#queue.splice(0).forEach(({ reject }) => reject(tooManyRequests()));
    await Promise.all([...this.#workers.keys()].map((environment) => this.#discard(environment)));
  }

  /** Gives waiting invocations to idle workers; the first worker starts at once, more of them after a wait. */
  #serveQueue(): void {
    while (this.#queue.length > 0) {
      const environment = this.#takeIdle() ?? this.#startFirst();
      if (environment === undefined) {
        this.#scheduleScaleOut();
        return;
      }
      const waiting = this.#queue.shift();
      if (waiting !== undefined) {
        void this.#run(environment, waiting);
      }
    }
  }

  async #run(environment: ExecutionEnvironment, waiting: Waiting): Promise<void> {
    try {
      waiting.resolve(await environment.invoke(waiting.requestId, waiting.payload));
    } catch (error) {
      waiting.reject(error);
    }
    this.#inFlight -= 1;
    if (environment.isAlive() && !this.#isClosed) {
      this.#park(environment);
    } else {
      void this.#discard(environment);
    }
    this.#serveQueue();
  }

  #start(): ExecutionEnvironment {
    const instance = this.#settings.newInstance();
    const environment = this.#settings.start(instance);
    this.#workers.set(environment, instance);
    return environment;
  }

  #startFirst(): ExecutionEnvironment | undefined {
    if (this.#workers.size > 0 || this.#isClosed) {
      return undefined;
    }
    this.#settings.budget.force();
    return this.#start();
  }

  /**
   * Starts another worker when an invocation has waited long enough for it. Each further one takes four times the
   * wait: workers that compete for two cores help nobody, only those that stand in for hanging ones do.
   */
  #scheduleScaleOut(): void {
    const [oldest] = this.#queue;
    if (
      this.#scaleOut !== undefined ||
      oldest === undefined ||
      this.#workers.size >= this.#settings.maxWorkers
    ) {
      return;
    }
    const patienceMs = this.#settings.scaleOutAfterMs * 4 ** (this.#workers.size - 1);
    const leftMs = oldest.queuedAt + patienceMs - performance.now();
    this.#scaleOut = setTimeout(
      () => {
        this.#scaleOut = undefined;
        const isLate =
          this.#queue[0] !== undefined && this.#queue[0].queuedAt + patienceMs <= performance.now();
        if (isLate && !this.#isClosed && this.#settings.budget.take()) {
          this.#park(this.#start());
        }
        this.#serveQueue();
      },
      Math.max(1, leftMs),
    ).unref();
  }

  #park(environment: ExecutionEnvironment): void {
    const entry: Idle = {
      environment,
      timer: setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(entry), 1);
        void this.#discard(environment);
      }, this.#settings.idleMs).unref(),
    };
    this.#idle.push(entry);
  }

  /** An idle worker may have died of what its last invocation left behind (a late rejection). */
  #takeIdle(): ExecutionEnvironment | undefined {
    for (;;) {
      const entry = this.#idle.pop();
      if (entry === undefined) {
        return undefined;
      }
      clearTimeout(entry.timer);
      if (entry.environment.isAlive()) {
        return entry.environment;
      }
      void this.#discard(entry.environment);
    }
  }

  #stopLongestIdle(): boolean {
    const entry = this.#idle.shift();
    if (entry === undefined) {
      return false;
    }
    clearTimeout(entry.timer);
    void this.#discard(entry.environment);
    return true;
  }

  #discard(environment: ExecutionEnvironment): Promise<void> {
    if (this.#workers.delete(environment)) {
      this.#settings.budget.release();
    }
    return environment.stop();
  }
}

function tooManyRequests(): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    Type: 'User',
  });
}
