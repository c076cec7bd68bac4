/**
 * What runs inside a function's worker: Lambda's Node.js runtime, as far as a handler can tell. It is loaded
 * from its own text with the types stripped (see execution-environment.ts), so it imports nothing but Node.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import type {
  FunctionFailure,
  Invocation,
  WorkerCommand,
  WorkerMessage,
  WorkerStart,
} from './worker-messages.ts';

type Callback = (error: unknown, answer?: unknown) => void;
type Handler = (event: unknown, context: unknown, callback: Callback) => unknown;

const start = workerData as WorkerStart;
const port = parentPort;
if (port === null) {
  throw new Error('this module runs in a worker only');
}
const send = (message: WorkerMessage) => port.postMessage(message);

/** The invocation that runs; its `settle` takes one answer and ignores any later one. */
let current: { readonly requestId: string; settle(answer: () => WorkerMessage): void } | undefined;

const log = (text: string) => send({ kind: 'log', message: text });

function failureOf(error: unknown): FunctionFailure {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function logFailure(title: string, failure: FunctionFailure): void {
  const { errorType, errorMessage, trace } = failure;
  log(line('ERROR', `${title}\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`));
}

/** How Lambda's text format writes a console line; line ends within it become carriage returns. */
function line(level: string, text: string): string {
  const id = current?.requestId ?? 'undefined';
  return `${new Date().toISOString()}\t${id}\t${level}\t${text.replaceAll('\n', '\r')}\n`;
}

function captureOutput(): void {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', warn: 'WARN', error: 'ERROR' };
  for (const [method, level] of Object.entries(levels)) {
    Object.assign(console, { [method]: (...args: unknown[]) => log(line(level, format(...args))) });
  }
  for (const stream of [process.stdout, process.stderr]) {
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      for (const piece of text.split('\n').filter((entry) => entry !== '')) {
        log(`${piece}\n`);
      }
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') {
        queueMicrotask(callback as () => void);
      }
      return true;
    };
    Object.assign(stream, { write });
  }
}

class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}

async function loadHandler(): Promise<Handler> {
  const [, path, exported] = /^(.+?)\.([^/]+)$/.exec(start.handler) ?? [];
  if (path === undefined || exported === undefined) {
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  }
  const file = ['.js', '.mjs', '.cjs'].map((end) => join(start.taskRoot, path + end)).find(existsSync);
  if (file === undefined) {
    throw new RuntimeError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${path}'\nRequire stack:\n- /var/runtime/index.mjs`,
    );
  }
  const handler = exported.split('.').reduce<unknown>(memberOf, await importModule(file));
  if (handler === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${start.handler} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${start.handler} is not a function`);
  }
  return handler as Handler;
}

async function importModule(file: string): Promise<unknown> {
  let module: unknown;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    }
    const code = memberOf(error, 'code');
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
  // What a CommonJS bundle exports is found under `default` where Node can't tell the names beforehand.
  return { ...asObject(memberOf(module, 'default')), ...asObject(module) };
}

function asObject(value: unknown): object {
  return (typeof value === 'object' || typeof value === 'function') && value !== null ? value : {};
}

function memberOf(value: unknown, name: string): unknown {
  return (asObject(value) as Record<string, unknown>)[name];
}

function contextOf({ requestId, timeoutMs }: Invocation, callback: Callback): Record<string, unknown> {
  const deadline = performance.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memorySizeMb),
    awsRequestId: requestId,
    logGroupName: start.logGroupName,
    logStreamName: start.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    done: callback,
    succeed: (answer: unknown) => callback(null, answer),
    fail: (error: unknown) => callback(error ?? 'handled'),
  };
}

/** V8's collector is a global function of contexts that are made while the flag is set. */
function takeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}

const collectGarbage = takeCollector();
const memoryLimitBytes = start.memorySizeMb * 1024 * 1024;

function usedBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** What is alive, once that matters: heap, Buffers and other typed arrays, in bytes. */
function memoryBytes(): number {
  const used = usedBytes();
  return used <= memoryLimitBytes ? used : collectedBytes();
}

function collectedBytes(): number {
  // The first collection finds dead Buffers, the second one frees them.
  collectGarbage();
  collectGarbage();
  return usedBytes();
}

function answerMessage(answer: unknown): WorkerMessage {
  let payload: string | undefined;
  try {
    payload = JSON.stringify(answer ?? null);
  } catch {
    return failureMessage(new Error('Unable to stringify response body'));
  }
  // JSON knows no functions and symbols: as an answer they are nothing.
  return { kind: 'answer', payload: payload ?? 'null', memoryBytes: memoryBytes() };
}

function failureMessage(error: unknown): WorkerMessage {
  const failure = failureOf(error);
  logFailure('Invoke Error ', failure);
  return { kind: 'failure', failure, memoryBytes: memoryBytes() };
}

function invoke(handler: Handler, invocation: Invocation): void {
  let settled = false;
  const settle = (answer: () => WorkerMessage): void => {
    if (!settled) {
      settled = true;
      const message = answer();
      current = undefined;
      port?.ref();
      send(message);
    }
  };
  current = { requestId: invocation.requestId, settle };
  // Without the port, an empty event loop shows: see beforeExit.
  port?.unref();
  const callback: Callback = (error, answer) =>
    settle(() => (error === null || error === undefined ? answerMessage(answer) : failureMessage(error)));
  try {
    const result = handler(JSON.parse(invocation.payload), contextOf(invocation, callback), callback);
    if (typeof memberOf(result, 'then') === 'function') {
      (result as Promise<unknown>).then(
        (answer) => settle(() => answerMessage(answer)),
        (error: unknown) => settle(() => failureMessage(error)),
      );
    }
  } catch (error) {
    settle(() => failureMessage(error));
  }
}

function crash(title: string, failure: FunctionFailure, exitCode: number): void {
  logFailure(title, failure);
  send({ kind: 'crash', failure });
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => crash('Uncaught Exception', failureOf(error), 129));
process.on('unhandledRejection', (reason) => {
  const { errorType, errorMessage, trace = [] } = failureOf(reason);
  const message = reason instanceof Error ? `${errorType}: ${errorMessage}` : errorMessage;
  const failure = { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: message, trace };
  crash('Unhandled Promise Rejection', failure, 128);
});
// Nothing is left that could ever settle the handler: Lambda answers null then.
process.on('beforeExit', () => current?.settle(() => answerMessage(null)));

// Node lets no worker change its folder, so files under relative names aren't found here; what asks for it is told.
process.cwd = () => start.taskRoot;
captureOutput();
loadHandler().then(
  (handler) => {
    port.on('message', (command: WorkerCommand) => {
      if (command.kind === 'invoke') {
        invoke(handler, command);
      } else {
        send({ kind: 'collected', memoryBytes: collectedBytes() });
      }
    });
    send({ kind: 'ready' });
  },
  (error: unknown) => {
    const failure = failureOf(error);
    logFailure('Uncaught Exception', failure);
    send({ kind: 'init-failed', failure });
  },
);
