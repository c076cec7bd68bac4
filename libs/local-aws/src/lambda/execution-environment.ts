import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { FunctionDescription } from '../stack-description.ts';
import type { FunctionLog } from './function-log.ts';
import { heapLimitMb, watchMemory, type MemoryWatch } from './memory-watch.ts';
import { answered, exited, failed, outOfMemory, timedOut, timeoutText, type Outcome } from './outcomes.ts';
import type { FunctionFailure, WorkerCommand, WorkerMessage, WorkerStart } from './worker-messages.ts';

/** Lambda's limit for loading a bundle, in milliseconds. */
const INIT_TIMEOUT_MS = 10_000;
/** V8's young generation as a part of the function's memory, as Lambda's Node.js runtime sets it. */
const YOUNG_GENERATION_PART = 0.15;
const BYTES_PER_MB = 1024 * 1024;

export interface Invoked {
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** The end of its log. */
  readonly logTail: string;
}

export interface EnvironmentSettings {
  readonly fn: FunctionDescription;
  /** The unpacked bundle's folder, absolute. */
  readonly taskRoot: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
  readonly clock: Clock;
}

/**
 * The runtime as a module of its own: stripped once here, it saves every worker 20 ms. In stack traces it has a name,
 * or all of its text would stand there.
 */
const RUNTIME = new URL(
  `data:text/javascript,${encodeURIComponent(
    `${stripTypeScriptTypes(readFileSync(new URL('./worker-runtime.ts', import.meta.url), 'utf8'))}
//# sourceURL=file:///var/runtime/index.mjs`,
  )}`,
);

type Ending =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'crash' | 'init-failed'; readonly failure: FunctionFailure }
  | { readonly kind: 'out-of-memory' };

type Event = WorkerMessage | Ending;

/** A worker that has a function loaded and runs one invocation at a time. */
export class ExecutionEnvironment {
  readonly #settings: EnvironmentSettings;
  readonly #worker: Worker;
  readonly #memory: MemoryWatch;
  readonly #startedAt = performance.now();
  readonly #ready = Promise.withResolvers<void>();
  /** How long the bundle took to load, in milliseconds; undefined until it is. */
  #initMs: number | undefined;
  #isCold = true;
  /** Set once the worker is of no more use. */
  #ending: Ending | undefined;
  /** Who waits for the running invocation's answer. */
  #listener: (event: Event) => void = () => undefined;

  /** Starts a worker; it loads the bundle at once, and the first invocation waits for that. */
  constructor(settings: EnvironmentSettings) {
    this.#settings = settings;
    this.#worker = startWorker(settings);
    this.#memory = watchMemory({
      memorySizeMb: settings.fn.memorySizeMb,
      read: () => this.#worker.getHeapStatistics(),
      collect: () => this.#tell({ kind: 'collect' }),
      exceeded: () => void this.kill(),
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error: NodeJS.ErrnoException) => this.#end(endingOf(error)));
    this.#worker.on('exit', (exitCode) => this.#end({ kind: 'exit', exitCode }));
  }

  /** Whether it can take another invocation once this one is through. */
  isAlive(): boolean {
    return this.#ending === undefined;
  }

  /** Resolves once the bundle is loaded, or won't be. */
  loaded(): Promise<void> {
    return this.#ready.promise;
  }

  async invoke(requestId: string, payload: string): Promise<Invoked> {
    const { log } = this.#settings;
    log.begin(requestId);
    await within(INIT_TIMEOUT_MS, this.#ready.promise);
    const invokedAt = performance.now();
    this.#memory.busy();
    const { outcome, memoryBytes } = await this.#answer(requestId, payload);
    this.#memory.idle();
    if (outcome.status !== undefined || !this.isAlive()) {
      await this.stop();
    }
    const durationMs = performance.now() - invokedAt;
    const logTail = log.end(requestId, {
      durationMs,
      memoryBytes,
      outcome,
      initMs: this.#isCold ? this.#initMs : undefined,
    });
    this.#isCold = false;
    return { outcome, durationMs, logTail };
  }

  /** Ends it as an out-of-memory kill would, whatever it is doing. */
  async kill(): Promise<void> {
    this.#end({ kind: 'out-of-memory' });
    await this.#worker.terminate();
  }

  async stop(): Promise<void> {
    this.#end({ kind: 'exit', exitCode: 0 });
    await this.#worker.terminate();
  }

  #answer(requestId: string, payload: string): Promise<Answer> {
    const isInitialized = this.#initMs !== undefined;
    // A bundle that isn't loaded by now has used up its time.
    const timeoutMs = isInitialized ? this.#settings.fn.timeoutSeconds * 1000 : 0;
    const limitMs = isInitialized ? timeoutMs : INIT_TIMEOUT_MS;
    return new Promise<Answer>((resolve) => {
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        this.#listener = () => undefined;
        resolve(answer);
      };
      const timer = setTimeout(() => settle(this.#timeOut(requestId, limitMs)), timeoutMs);
      this.#listener = (event) => settle(answerOf(event, requestId, this.#settings.fn));
      if (this.#ending !== undefined) {
        this.#listener(this.#ending);
      } else if (isInitialized) {
        this.#tell({ kind: 'invoke', requestId, payload, timeoutMs });
      }
    });
  }

  #tell(command: WorkerCommand): void {
    this.#worker.postMessage(command);
  }

  #timeOut(requestId: string, limitMs: number): Answer {
    const at = this.#settings.clock();
    this.#settings.log.append(`${timeoutText(requestId, at, limitMs)}\n`);
    return { outcome: timedOut(requestId, at, limitMs) };
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'log':
        this.#settings.log.append(message.message);
        return;
      case 'ready':
        this.#initMs = performance.now() - this.#startedAt;
        this.#ready.resolve();
        return;
      case 'collected':
        this.#memory.collected(message.memoryBytes);
        return;
      case 'crash':
      case 'init-failed':
        this.#end(message);
        return;
      default:
        this.#listener(message);
    }
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.#memory.stop();
    this.#ready.resolve();
    this.#listener(this.#ending);
  }
}

function endingOf(error: NodeJS.ErrnoException): Ending {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { kind: 'out-of-memory' }
    : { kind: 'crash', failure: { errorType: error.name, errorMessage: error.message } };
}

interface Answer {
  readonly outcome: Outcome;
  readonly memoryBytes?: number;
}

function answerOf(event: Event, requestId: string, { memorySizeMb }: FunctionDescription): Answer {
  switch (event.kind) {
    case 'answer':
    case 'failure': {
      const { memoryBytes } = event;
      // What never yielded may have answered before anybody looked.
      if (memoryBytes > memorySizeMb * BYTES_PER_MB) {
        return { outcome: outOfMemory(requestId), memoryBytes };
      }
      return {
        outcome: event.kind === 'answer' ? answered(event.payload) : failed(event.failure),
        memoryBytes,
      };
    }
    case 'crash':
    case 'init-failed':
      return { outcome: { ...failed(event.failure), status: 'error' } };
    case 'out-of-memory':
      return { outcome: outOfMemory(requestId) };
    case 'exit':
      return { outcome: exited(requestId, event.exitCode) };
    default:
      throw new Error(`a worker that has begun can't say ${event.kind}`);
  }
}

function startWorker({ fn, taskRoot, variables, log }: EnvironmentSettings): Worker {
  const workerData: WorkerStart = {
    taskRoot,
    handler: fn.handler,
    functionName: fn.name,
    functionArn: fn.arn,
    memorySizeMb: fn.memorySizeMb,
    logGroupName: fn.logGroupName,
    logStreamName: log.streamName,
  };
  return new Worker(RUNTIME, {
    name: fn.name,
    workerData,
    env: variables,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: heapLimitMb(fn.memorySizeMb),
      maxYoungGenerationSizeMb: Math.floor(fn.memorySizeMb * YOUNG_GENERATION_PART),
    },
  });
}

/** Waits for it, but no longer than that. */
async function within(limitMs: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([event, limit]);
  clearTimeout(timer);
}
