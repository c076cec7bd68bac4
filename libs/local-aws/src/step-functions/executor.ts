import type { Clock } from '../clock.ts';
import type { JsonObject, Principal } from '../service-call.ts';
import type { StateMachineDescription } from '../stack-description.ts';
import type { Machine } from './definition.ts';
import type { Execution, ExecutionEnd, ExecutionStore } from './execution-store.ts';
import { createHistory, type HistoryRecorder } from './history.ts';
import type { LogEvent } from './execution-log.ts';
import { StateError, StoppedError, type RunState } from './state-runner.ts';
import type { RunTask } from './tasks.ts';

/** A state machine, ready to run. */
export interface RunnableMachine {
  readonly description: StateMachineDescription;
  readonly machine: Machine;
  readonly runState: RunState;
  readonly log: LogEvent;
}

export interface ExecutorPorts {
  readonly store: ExecutionStore;
  readonly runTask: RunTask;
  readonly clock: Clock;
}

/** Bytes of a state's input and output (Step Functions quotas: 256 KiB). */
export const MAX_DATA_BYTES = 262_144;
const EXPRESS_LIMIT_SECONDS = 300;
/** The longest timer of Node, 24 days. */
const MAX_TIMER_MS = 2_147_483_647;

/** @param lastId of the last event that an earlier run stored */
export function historyOf({ log }: RunnableMachine, execution: Execution, lastId: number, clock: Clock) {
  return createHistory(lastId, clock, (event) => log(execution.arn, execution.startDate, event));
}

/**
 * Runs an execution from the state that it entered last to its end, each step stored before the next one starts.
 * After a kill a task may so run twice, as after a lost answer; nothing is left out.
 * @param signal stops it where it is, to be resumed by the next run
 * @throws what is no failure of the execution, a defect
 */
export async function runExecution(
  runnable: RunnableMachine,
  execution: Execution,
  history: HistoryRecorder,
  ports: ExecutorPorts,
  signal: AbortSignal,
): Promise<void> {
  const deadline = new AbortController();
  const timer = deadlineTimer(runnable, deadline);
  const stop = AbortSignal.any([signal, deadline.signal]);
  try {
    const output = await runStates(runnable, execution, history, ports, stop);
    history.record('ExecutionSucceeded', 'executionSucceededEventDetails', {
      output,
      outputDetails: { truncated: false },
    });
    finish(runnable, execution, history, ports, { status: 'SUCCEEDED', stopDate: ports.clock(), output });
  } catch (error) {
    const end = failure(error, deadline.signal, ports.clock());
    if (end === undefined) {
      if (signal.aborted) {
        return;
      }
      throw error;
    }
    const [type, details] =
      end.status === 'TIMED_OUT'
        ? ['ExecutionTimedOut', 'executionTimedOutEventDetails']
        : ['ExecutionFailed', 'executionFailedEventDetails'];
    history.record(type, details, { error: end.error, cause: end.cause });
    finish(runnable, execution, history, ports, end);
  } finally {
    clearTimeout(timer);
  }
}

/** The time that this process was not running doesn't count: on AWS there is no such time. */
function deadlineTimer(
  { machine, description }: RunnableMachine,
  deadline: AbortController,
): NodeJS.Timeout | undefined {
  const limits = [machine.TimeoutSeconds, description.type === 'EXPRESS' ? EXPRESS_LIMIT_SECONDS : undefined];
  const seconds = Math.min(...limits.filter((limit) => limit !== undefined));
  return seconds * 1000 > MAX_TIMER_MS ? undefined : setTimeout(() => deadline.abort(), seconds * 1000);
}

function failure(error: unknown, deadline: AbortSignal, now: number): ExecutionEnd | undefined {
  if (error instanceof StoppedError) {
    return deadline.aborted ? { status: 'TIMED_OUT', stopDate: now, error: 'States.Timeout' } : undefined;
  }
  return error instanceof StateError
    ? { status: 'FAILED', stopDate: now, error: error.name, cause: error.message }
    : undefined;
}

/** The end is stored but for EXPRESS, which nobody can ask for. */
export function finish(
  { description }: RunnableMachine,
  execution: Execution,
  history: HistoryRecorder,
  { store }: Pick<ExecutorPorts, 'store'>,
  end: ExecutionEnd,
): void {
  if (description.type === 'EXPRESS') {
    history.take();
    store.remove(execution.sequence);
  } else {
    store.end(execution.sequence, end, history.take());
  }
}

/** @returns the output as JSON text */
async function runStates(
  runnable: RunnableMachine,
  execution: Execution,
  history: HistoryRecorder,
  ports: ExecutorPorts,
  signal: AbortSignal,
): Promise<string> {
  const { machine, description, runState } = runnable;
  const shared = contextOf(description, execution);
  const principal: Principal = { kind: 'role', roleArn: description.roleArn, user: description.name };
  let name = execution.state;
  let input: unknown = JSON.parse(execution.stateInput);
  for (;;) {
    const { output, next } = await runState(name, {
      input,
      context: { ...shared, State: { Name: name, EnteredTime: new Date(ports.clock()).toISOString() } },
      signal,
      task: taskRunner(history, ports.runTask, principal),
    });
    const text = checkedSize(output, name);
    history.exited(typeOf(machine, name), name, text);
    if (next === undefined) {
      return text;
    }
    history.entered(typeOf(machine, next), next, text);
    const events = history.take();
    if (description.type === 'STANDARD') {
      ports.store.enter(execution.sequence, next, text, events);
    }
    name = next;
    input = output;
  }
}

function typeOf(machine: Machine, state: string): string {
  return machine.States[state]?.Type ?? 'Unknown';
}

function contextOf(description: StateMachineDescription, execution: Execution) {
  const { arn, name, input, startDate } = execution;
  return {
    Execution: {
      Id: arn,
      Name: name,
      Input: JSON.parse(input) as unknown,
      StartTime: new Date(startDate).toISOString(),
      RoleArn: description.roleArn,
      RedriveCount: 0,
    } satisfies JsonObject,
    StateMachine: { Id: description.arn, Name: description.name } satisfies JsonObject,
  };
}

function checkedSize(output: unknown, state: string): string {
  const text = JSON.stringify(output) ?? 'null';
  if (Buffer.byteLength(text) > MAX_DATA_BYTES) {
    throw new StateError(
      'States.DataLimitExceeded',
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      true,
    );
  }
  return text;
}

/** Adds each attempt of a task to the history. One that has timed out is only known by what comes after it. */
function taskRunner(history: HistoryRecorder, runTask: RunTask, principal: Principal) {
  return async (state: string, resource: string, input: unknown): Promise<unknown> => {
    // arn:aws:states:::lambda:invoke
    const [, , , , , resourceType = '', name = ''] = resource.split(':');
    const about = { resourceType, resource: name };
    history.record('TaskScheduled', 'taskScheduledEventDetails', {
      ...about,
      parameters: JSON.stringify(input),
    });
    history.record('TaskStarted', 'taskStartedEventDetails', about);
    try {
      const result = await runTask(resource, input, principal);
      history.record('TaskSucceeded', 'taskSucceededEventDetails', {
        ...about,
        output: checkedSize(result, state),
        outputDetails: { truncated: false },
      });
      return result;
    } catch (error) {
      if (error instanceof StateError) {
        history.record('TaskFailed', 'taskFailedEventDetails', {
          ...about,
          error: error.name,
          cause: error.message,
        });
      }
      throw error;
    }
  };
}
