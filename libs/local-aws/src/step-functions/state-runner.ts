import { ExecutionError, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { JsonObject } from '../service-call.ts';
import type { Machine, State } from './definition.ts';

/** An error by the name that Retry and Catch match. */
export class StateError extends Error {
  /** Not for Retry and Catch where the execution has to end (States.DataLimitExceeded, a stop). */
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;
  constructor(name: string, cause: string, terminal = false) {
    super(cause);
    this.name = name;
    this.isRetryable = !terminal;
    this.isCatchable = !terminal;
  }
}

/** The execution is being stopped; its state stays as it is. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

export interface StateOutcome {
  readonly output: unknown;
  /** Absent where the execution ends. */
  readonly next?: string;
}

export interface StateRun {
  readonly input: unknown;
  /** What `$$` shows. */
  readonly context: {
    readonly Execution: JsonObject;
    readonly StateMachine: JsonObject;
    readonly State: JsonObject;
  };
  readonly signal: AbortSignal;
  /** Carries out one attempt of a task. @throws StateError */
  readonly task: (stateName: string, resource: string, input: unknown) => Promise<unknown>;
}

/**
 * Runs a state with its retries and catchers.
 * @throws StateError if it fails, StoppedError
 */
export type RunState = (stateName: string, run: StateRun) => Promise<StateOutcome>;

/** The longest timer of Node, 24 days; AWS lets a task without a timeout run for years. */
const NO_TIMEOUT_SECONDS = 2_147_483;

/** Where a stand-in state says which state comes next. */
class Transition {
  readonly next: string;
  readonly input: unknown;
  constructor(next: string, input: unknown) {
    this.next = next;
    this.input = input;
  }
}

interface CompiledState {
  readonly machine: StateMachine;
  readonly tasks: ReadonlyMap<string, string>;
  readonly successors: readonly string[];
}

/**
 * Prepares a machine whose states run one by one. aws-local-stepfunctions evaluates each state; going from one to
 * the next is left to the caller, who makes each step durable. To it, each state is a machine of its own, in which
 * stand-ins take the places of the states that may follow.
 */
export function compileStates(machine: Machine): RunState {
  const states = new Map(
    Object.entries(machine.States).map(([name, state]) => [name, compiled(name, state)]),
  );
  return (stateName, run) => {
    const state = states.get(stateName);
    if (state === undefined) {
      return Promise.reject(new StateError('States.Runtime', `There is no state ${stateName}`, true));
    }
    return runCompiled(state, run);
  };
}

function compiled(name: string, state: State): CompiledState {
  const successors = successorsOf(state);
  // A state that follows itself needs no stand-in: it goes round within the library.
  const standIns = successors.map(
    (next) => [next, { Type: 'Task', Resource: 'stand-in', End: true }] as const,
  );
  const definition = {
    StartAt: name,
    States: { ...Object.fromEntries(standIns), [name]: adapted(state) },
  } as unknown as StateMachineDefinition;
  return {
    machine: new StateMachine(definition, { validationOptions: { noValidate: true } }),
    tasks: new Map(tasksIn(name, state)),
    successors,
  };
}

async function runCompiled(
  { machine, tasks, successors }: CompiledState,
  run: StateRun,
): Promise<StateOutcome> {
  const { signal } = run;
  if (signal.aborted) {
    throw new StoppedError();
  }
  const handlers: Record<string, (input: unknown) => never> = {};
  for (const next of successors) {
    handlers[next] = (input) => new Transition(next, input) as never;
  }
  for (const [name, resource] of tasks) {
    handlers[name] = (input) => unlessStopped(signal, () => run.task(name, resource, input)) as never;
  }
  const { result, abort } = machine.run(run.input as never, {
    overrides: { taskResourceLocalHandlers: handlers },
    context: {
      ExecutionContext: run.context.Execution,
      StateMachine: run.context.StateMachine,
      State: run.context.State,
    },
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    const output: unknown = await result;
    return output instanceof Transition ? { next: output.next, output: output.input } : { output };
  } catch (error) {
    throw signal.aborted ? new StoppedError() : asStateError(error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The library retries once more after an abort, and its timers wait for the task, so a stop settles it. */
async function unlessStopped(signal: AbortSignal, attempt: () => Promise<unknown>): Promise<unknown> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new StateError('Stopped', 'The execution is being stopped', true));
  if (signal.aborted) {
    onAbort();
    return stopped;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([attempt(), stopped]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function asStateError(error: unknown): unknown {
  return error instanceof ExecutionError && error.cause instanceof Error
    ? new StateError(error.cause.name, error.cause.message, true)
    : error;
}

function successorsOf(state: State): readonly string[] {
  const catches = (state['Catch'] ?? []) as readonly { readonly Next: string }[];
  const choices = (state['Choices'] ?? []) as readonly { readonly Next: string }[];
  const names = [state['Next'], state['Default'], ...[...catches, ...choices].map(({ Next }) => Next)];
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

/** Names and resources of the state's task, and of those in its branches. */
function tasksIn(name: string, state: State): readonly (readonly [string, string])[] {
  const nested = [
    ...((state['Branches'] ?? []) as readonly Machine[]),
    state['ItemProcessor'] as Machine | undefined,
  ];
  const own = state.Type === 'Task' ? [[name, String(state['Resource'])] as const] : [];
  return [
    ...own,
    ...nested.flatMap((machine) =>
      Object.entries(machine?.States ?? {}).flatMap(([inner, innerState]) => tasksIn(inner, innerState)),
    ),
  ];
}

/**
 * What the library has otherwise than AWS, said so that it does the same: it puts its own start time into
 * `$$.Execution`, takes a ResultPath of `$` for a member named `$`, and ends a task without a timeout after a minute.
 */
function adapted(state: State): State {
  const { ResultPath, ...rest } = state;
  return {
    ...(mapped(rest) as State),
    ...(ResultPath === undefined || ResultPath === '$' ? {} : { ResultPath }),
    ...(state.Type === 'Task' && state['TimeoutSecondsPath'] === undefined
      ? {
          TimeoutSeconds: Math.min(Number(state['TimeoutSeconds'] ?? NO_TIMEOUT_SECONDS), NO_TIMEOUT_SECONDS),
        }
      : {}),
    ...(state['Catch'] === undefined
      ? {}
      : { Catch: (state['Catch'] as readonly JsonObject[]).map(withoutRootResultPath) }),
    ...(state['Branches'] === undefined
      ? {}
      : { Branches: (state['Branches'] as readonly Machine[]).map(adaptedMachine) }),
    ...(state['ItemProcessor'] === undefined
      ? {}
      : { ItemProcessor: adaptedMachine(state['ItemProcessor'] as Machine) }),
  };
}

function adaptedMachine(machine: Machine): Machine {
  return {
    ...machine,
    States: Object.fromEntries(Object.entries(machine.States).map(([name, state]) => [name, adapted(state)])),
  };
}

function withoutRootResultPath({ ResultPath, ...catcher }: JsonObject): JsonObject {
  return ResultPath === undefined || ResultPath === '$' ? catcher : { ...catcher, ResultPath };
}

/** Every path to `$$.Execution` leads to what we pass as `ExecutionContext`. */
function mapped(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => mapped(item));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapped(member, name)]));
  }
  const isPath = key.endsWith('.$') || key.endsWith('Path') || key === 'Variable';
  return typeof value === 'string' && isPath
    ? value.replace(/\$\$\.Execution\b/g, '$$$$.ExecutionContext')
    : value;
}
