import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { unknownOperation } from '../dispatch.ts';
import type { LogSink } from '../engines.ts';
import { AwsError, type Dispatch, type JsonObject, type Service } from '../service-call.ts';
import type { StackDescription, StateMachineDescription } from '../stack-description.ts';
import { readDefinition } from './definition.ts';
import { describeExecution, executionHistory, listExecutions, describeMachine } from './descriptions.ts';
import { createExecutionLog, type LogEvent } from './execution-log.ts';
import { openExecutionStore, type Execution } from './execution-store.ts';
import { finish, historyOf, type RunnableMachine } from './executor.ts';
import { resumeExecution, run, storedHistory, type Engine } from './running-executions.ts';
import { checkInput, checkName } from './start-input.ts';
import { compileStates } from './state-runner.ts';
import { createTasks } from './tasks.ts';

export interface StepFunctions extends Service {
  /** Goes on with the executions that an earlier run left; called once everything that tasks use runs. */
  resume(): void;
  /** Stops executions where they are; the next run resumes them. */
  close(): Promise<void>;
}

export interface StepFunctionsOptions extends Pick<Engine, 'onDefect' | 'resumeAfterMs'> {
  /** The database, or `:memory:`. */
  readonly file: string;
  readonly clock: Clock;
  /** For the tasks' calls. */
  readonly dispatch: Dispatch;
  readonly logs: LogSink;
  /** Told of every event of every execution. */
  readonly onEvent?: (machine: StateMachineDescription, ...about: Parameters<LogEvent>) => void;
}

/** Names stay taken for 90 days after the execution has ended (StartExecution's documentation). */
const NAMES_TAKEN_MS = 90 * 86_400_000;
/** Histories are by far the largest part; older ones than these are forgotten, but not their executions. */
const HISTORIES_KEPT = 20_000;
const TRIM_EVERY = 2_000;

/**
 * Step Functions with the stack's state machines.
 * @throws DefinitionError
 */
export function startStepFunctions(
  description: Pick<StackDescription, 'stateMachines' | 'accountId' | 'region'>,
  options: StepFunctionsOptions,
): StepFunctions {
  const machines = new Map(
    description.stateMachines.map((machine) => [machine.arn, runnableMachine(machine, options)]),
  );
  const store = openExecutionStore(options.file);
  store.trim(options.clock() - NAMES_TAKEN_MS, HISTORIES_KEPT);
  const closing = new AbortController();
  const engine: Engine = {
    machines,
    store,
    runTask: createTasks(options.dispatch),
    clock: options.clock,
    running: new Map(),
    onDefect: options.onDefect,
    resumeAfterMs: options.resumeAfterMs,
    failures: new Map(),
    closing: closing.signal,
  };
  const created = options.clock();
  return {
    name: 'states',
    // Every operation is carried out at once; nothing can come between a look at a name and taking it.
    call: ({ operation, input }) =>
      new Promise((resolve) => {
        resolve(answer(engine, operation, input, created));
      }),
    resourceArns: ({ input }) => [text(input['executionArn']) ?? text(input['stateMachineArn']) ?? '*'],
    resume() {
      for (const execution of store.running()) {
        resumeExecution(engine, execution);
      }
    },
    async close() {
      closing.abort();
      const all = [...engine.running.values()];
      all.forEach(({ abort }) => abort.abort());
      await Promise.all(all.map(({ done }) => done));
      store.close();
    },
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function runnableMachine(
  description: StateMachineDescription,
  { logs, onEvent }: Pick<StepFunctionsOptions, 'logs' | 'onEvent'>,
): RunnableMachine {
  const machine = readDefinition(description);
  const log = createExecutionLog(description, logs);
  return {
    description,
    machine,
    runState: compileStates(machine),
    log(...about) {
      log(...about);
      onEvent?.(description, ...about);
    },
  };
}

function answer(engine: Engine, operation: string, input: JsonObject, created: number): JsonObject {
  switch (operation) {
    case 'StartExecution':
      return startExecution(engine, input);
    case 'StopExecution':
      return stopExecution(engine, input);
    case 'DescribeExecution':
      return describeExecution(standardExecution(engine, input));
    case 'GetExecutionHistory':
      return executionHistory(engine.store, standardExecution(engine, input), input);
    case 'ListExecutions':
      return listExecutions(engine.store, standardMachine(engine, input), input);
    case 'DescribeStateMachine':
      return { ...describeMachine(machineOf(engine, input), created), status: 'ACTIVE' };
    case 'ListStateMachines':
      return {
        stateMachines: [...engine.machines.values()].map(({ description: { arn, name, type } }) => ({
          stateMachineArn: arn,
          name,
          type,
          creationDate: created / 1000,
        })),
      };
    default:
      throw unknownOperation('states', operation);
  }
}

function machineOf({ machines }: Engine, input: JsonObject): RunnableMachine {
  const arn = String(input['stateMachineArn']);
  const machine = machines.get(arn);
  if (machine === undefined) {
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }
  return machine;
}

function standardMachine(engine: Engine, input: JsonObject): RunnableMachine {
  const machine = machineOf(engine, input);
  if (machine.description.type === 'EXPRESS') {
    throw notForExpress();
  }
  return machine;
}

function notForExpress(): AwsError {
  return new AwsError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}

function standardExecution({ store }: Engine, input: JsonObject): Execution {
  const arn = String(input['executionArn']);
  if (arn.includes(':express:')) {
    throw notForExpress();
  }
  const execution = store.find(arn);
  if (execution === undefined) {
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }
  return execution;
}

function startExecution(engine: Engine, request: JsonObject): JsonObject {
  const runnable = machineOf(engine, request);
  const { type, arn: machineArn } = runnable.description;
  const name = text(request['name']) ?? randomUUID();
  const input = text(request['input']) ?? '{}';
  checkName(name);
  checkInput(input);
  const kind = type === 'EXPRESS' ? 'express' : 'execution';
  const arn = `${machineArn.replace(':stateMachine:', `:${kind}:`)}:${name}${type === 'EXPRESS' ? `:${randomUUID()}` : ''}`;
  const twin = engine.store.find(arn);
  if (twin !== undefined) {
    if (twin.status !== 'RUNNING' || twin.input !== input) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    return { executionArn: arn, startDate: twin.startDate / 1000 };
  }
  const execution = begin(engine, runnable, { arn, name, input });
  return { executionArn: execution.arn, startDate: execution.startDate / 1000 };
}

/** Stored before it is answered. */
function begin(
  engine: Engine,
  runnable: RunnableMachine,
  { arn, name, input }: { readonly arn: string; readonly name: string; readonly input: string },
): Execution {
  const { description, machine } = runnable;
  const startDate = engine.clock();
  const started = {
    arn,
    machineArn: description.arn,
    name,
    input,
    startDate,
    state: machine.StartAt,
    stateInput: input,
  };
  const unstored: Execution = { ...started, status: 'RUNNING', sequence: 0 };
  const history = historyOf(runnable, unstored, 0, engine.clock);
  history.record('ExecutionStarted', 'executionStartedEventDetails', {
    input,
    inputDetails: { truncated: false },
    roleArn: description.roleArn,
  });
  history.entered(machine.States[machine.StartAt]?.Type ?? 'Unknown', machine.StartAt, input);
  const events = history.take();
  const sequence = engine.store.insert(started, description.type === 'EXPRESS' ? [] : events);
  if (sequence % TRIM_EVERY === 0) {
    engine.store.trim(startDate - NAMES_TAKEN_MS, HISTORIES_KEPT);
  }
  const execution = { ...unstored, sequence };
  run(engine, runnable, execution, history);
  return execution;
}

function stopExecution(engine: Engine, input: JsonObject): JsonObject {
  const execution = standardExecution(engine, input);
  if (execution.end !== undefined) {
    return { stopDate: execution.end.stopDate / 1000 };
  }
  const running = engine.running.get(execution.arn);
  const runnable = engine.machines.get(execution.machineArn);
  const stopDate = engine.clock();
  if (runnable !== undefined) {
    // One that waits to go on after a failure doesn't run.
    const history = running?.history ?? storedHistory(engine, runnable, execution);
    const { error, cause } = input;
    const why = {
      ...(typeof error === 'string' ? { error } : {}),
      ...(typeof cause === 'string' ? { cause } : {}),
    };
    running?.abort.abort();
    history.record('ExecutionAborted', 'executionAbortedEventDetails', why);
    finish(runnable, execution, history, engine, { status: 'ABORTED', stopDate, ...why });
  }
  return { stopDate: stopDate / 1000 };
}
