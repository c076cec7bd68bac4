import { setTimeout } from 'node:timers/promises';
import type { Execution } from './execution-store.ts';
import { historyOf, runExecution, type ExecutorPorts, type RunnableMachine } from './executor.ts';

const LONGEST_RESUME_MS = 60_000;

/** An execution that is being run. */
interface Running {
  readonly execution: Execution;
  readonly abort: AbortController;
  readonly history: ReturnType<typeof historyOf>;
  readonly done: Promise<void>;
}

/** What the executions of all machines share. */
export interface Engine extends ExecutorPorts {
  readonly machines: ReadonlyMap<string, RunnableMachine>;
  readonly running: Map<string, Running>;
  /** Told of what is no failure of an execution, but a defect, or a store that can't be written. The execution goes on. */
  readonly onDefect: (error: unknown, executionArn: string) => void;
  /** Before an execution goes on after that, in milliseconds; doubled each further time, up to a minute. */
  readonly resumeAfterMs: number;
  /** How often in a row an execution could not go on. */
  readonly failures: Map<string, number>;
  /** Aborted when the engine closes. */
  readonly closing: AbortSignal;
}

/** Runs an execution until it ends, the engine closes, or it can't go on: then it is tried again later. */
export function run(
  engine: Engine,
  runnable: RunnableMachine,
  execution: Execution,
  history: Running['history'],
): void {
  const abort = new AbortController();
  const done = runExecution(runnable, execution, history, engine, abort.signal)
    .then(
      () => {
        engine.failures.delete(execution.arn);
      },
      (error: unknown) => {
        engine.onDefect(error, execution.arn);
        resumeLater(engine, execution.arn);
      },
    )
    .finally(() => engine.running.delete(execution.arn));
  engine.running.set(execution.arn, { execution, abort, history, done });
}

/** Goes on from what is stored. A machine that is no longer in the stack leaves its executions as they are. */
export function resumeExecution(engine: Engine, execution: Execution): void {
  const runnable = engine.machines.get(execution.machineArn);
  if (runnable !== undefined && execution.status === 'RUNNING' && !engine.running.has(execution.arn)) {
    run(engine, runnable, execution, storedHistory(engine, runnable, execution));
  }
}

/** Tries until it can: no accepted execution waits for the next start because its store was locked for a moment. */
function resumeLater(engine: Engine, arn: string): void {
  const failures = engine.failures.get(arn) ?? 0;
  engine.failures.set(arn, failures + 1);
  const delayMs = Math.min(engine.resumeAfterMs * 2 ** failures, LONGEST_RESUME_MS);
  setTimeout(delayMs, undefined, { signal: engine.closing, ref: false }).then(
    () => {
      try {
        const execution = engine.store.find(arn);
        if (execution !== undefined) {
          resumeExecution(engine, execution);
        }
      } catch (error) {
        engine.onDefect(error, arn);
        resumeLater(engine, arn);
      }
    },
    () => undefined, // The engine closes: the next start resumes.
  );
}

/** The history of an execution that doesn't run, to be gone on with. */
export function storedHistory(
  { store, clock }: Pick<Engine, 'store' | 'clock'>,
  runnable: RunnableMachine,
  execution: Execution,
): Running['history'] {
  return historyOf(runnable, execution, store.lastEventId(execution.sequence), clock);
}
