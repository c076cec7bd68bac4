import validateDefinition from 'asl-validator';
import type { StateMachineDescription } from '../stack-description.ts';

/** A state machine that can't run here: its definition is wrong, or uses what the local engine doesn't honour. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

export interface State {
  readonly Type: 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  readonly [field: string]: unknown;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** The integrations that the local engine carries out. */
export const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
export const SQS_SEND_MESSAGE = 'arn:aws:states:::sqs:sendMessage';
const RESOURCES = new Set([LAMBDA_INVOKE, SQS_SEND_MESSAGE]);

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const FLOW = ['Next', 'End', 'InputPath', 'OutputPath'];
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];
const FIELDS: Readonly<Record<State['Type'], readonly string[]>> = {
  Task: [...COMMON, ...FLOW, ...RESULT, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath'],
  Pass: [...COMMON, ...FLOW, 'Parameters', 'ResultPath', 'Result'],
  Choice: [...COMMON, 'InputPath', 'OutputPath', 'Choices', 'Default'],
  Wait: [...COMMON, ...FLOW, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: [...COMMON, 'InputPath', 'OutputPath'],
  Fail: [...COMMON, 'Error', 'ErrorPath', 'Cause', 'CausePath'],
  Parallel: [...COMMON, ...FLOW, ...RESULT, 'Branches'],
  Map: [
    ...COMMON,
    ...FLOW,
    ...RESULT.filter((field) => field !== 'Parameters'),
    'ItemProcessor',
    'ItemSelector',
    'ItemsPath',
    'MaxConcurrency',
    'MaxConcurrencyPath',
  ],
};
const MACHINE_FIELDS = new Set([
  'Comment',
  'QueryLanguage',
  'StartAt',
  'States',
  'TimeoutSeconds',
  'Version',
]);
const NESTED_FIELDS = new Set(['Comment', 'QueryLanguage', 'StartAt', 'States', 'ProcessorConfig']);

/**
 * Reads and checks a definition, once for all its executions.
 * @throws DefinitionError naming the machine, the state and the field
 */
export function readDefinition({ name, definition }: StateMachineDescription): Machine {
  let machine: Machine;
  try {
    machine = JSON.parse(definition) as Machine;
  } catch (error) {
    throw new DefinitionError(
      `state machine ${name}: the definition is not JSON: ${(error as Error).message}`,
    );
  }
  // Before the validator: it doesn't know JSONata's fields and would blame those.
  check(machine, name, MACHINE_FIELDS);
  const verdict = validateDefinition(machine, { checkArn: true, checkPaths: true });
  if (!verdict.isValid) {
    throw new DefinitionError(`state machine ${name}: ${verdict.errorsText('; ')}`);
  }
  return machine;
}

function check(machine: Machine, where: string, fields: ReadonlySet<string>): void {
  const refuse = (what: string): never => {
    throw new DefinitionError(`state machine ${where}: ${what}, which the local engine doesn't honour`);
  };
  const languages = [machine, ...Object.values(machine.States ?? {})].map(
    (part) => (part as State)['QueryLanguage'],
  );
  if (languages.some((language) => language !== undefined && language !== 'JSONPath')) {
    refuse('its QueryLanguage is JSONata');
  }
  for (const field of Object.keys(machine)) {
    if (!fields.has(field)) {
      refuse(`it has the field ${field}`);
    }
  }
  for (const [stateName, state] of Object.entries(machine.States ?? {})) {
    checkState(stateName, state, where, refuse);
  }
}

function checkState(name: string, state: State, where: string, refuse: (what: string) => never): void {
  for (const field of Object.keys(state)) {
    if (!(FIELDS[state.Type] ?? []).includes(field)) {
      refuse(`state ${name} (${state.Type}) has the field ${field}`);
    }
  }
  const resource = state['Resource'];
  if (typeof resource === 'string' && !RESOURCES.has(resource)) {
    refuse(`state ${name} has the resource ${resource}`);
  }
  if (state.Type === 'Pass' && 'Result' in state && !state['Result']) {
    refuse(`state ${name} has the Result ${JSON.stringify(state['Result'])}`);
  }
  const catches = (state['Catch'] ?? []) as readonly { readonly ResultPath?: string | null }[];
  for (const path of [state['ResultPath'], ...catches.map(({ ResultPath }) => ResultPath)]) {
    if (typeof path === 'string' && !/^\$(\.[\w-]+)*$/.test(path)) {
      refuse(`state ${name} has the ResultPath ${path}`);
    }
  }
  if (
    /"\$\$"|\$\$\.(Task|State\.RetryCount)/.test(
      JSON.stringify({ ...state, Branches: [], ItemProcessor: {} }),
    )
  ) {
    refuse(`state ${name} reads $$, $$.Task or $$.State.RetryCount`);
  }
  const nested = [
    ...((state['Branches'] ?? []) as readonly Machine[]),
    state['ItemProcessor'] as Machine | undefined,
  ];
  for (const machine of nested) {
    if (machine !== undefined) {
      check(machine, `${where}, state ${name}`, NESTED_FIELDS);
    }
  }
}
