/** What passes between the main thread and a function's worker. */

export interface WorkerStart {
  /** The unpacked bundle's folder, absolute. */
  readonly taskRoot: string;
  /** `index.handler` */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memorySizeMb: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** What a worker is told to do. */
export type WorkerCommand =
  | ({ readonly kind: 'invoke' } & Invocation)
  /** Collect the garbage, and say what is left. */
  | { readonly kind: 'collect' };

export interface Invocation {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  /** Milliseconds until the function is stopped. */
  readonly timeoutMs: number;
}

export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** The bundle could not be loaded: this worker will answer nothing. */
  | { readonly kind: 'init-failed'; readonly failure: FunctionFailure }
  | { readonly kind: 'log'; readonly message: string }
  | { readonly kind: 'answer'; readonly payload: string; readonly memoryBytes: number }
  | { readonly kind: 'failure'; readonly failure: FunctionFailure; readonly memoryBytes: number }
  | { readonly kind: 'collected'; readonly memoryBytes: number }
  /** Nobody caught it: the worker ends after this. */
  | { readonly kind: 'crash'; readonly failure: FunctionFailure };
