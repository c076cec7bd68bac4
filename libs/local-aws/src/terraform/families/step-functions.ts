import type { StateMachineDescription } from '../../stack-description.ts';
import {
  optionalBlock,
  optionalFlag,
  optionalText,
  text,
  type Resource,
  type ResourceTypes,
  type StackContext,
} from '../resource.ts';
import { StackError } from '../stack-error.ts';
import { nameOf, regionalArn } from './names.ts';

const stateMachineArn = (machine: Resource, context: StackContext) =>
  regionalArn(context, 'states', `stateMachine:${nameOf(machine)}`);

export const stepFunctionsTypes: ResourceTypes = {
  aws_sfn_state_machine: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      role_arn: 'honoured',
      definition: 'honoured',
      type: 'honoured',
      logging_configuration: {
        log_destination: 'honoured',
        level: 'honoured',
        include_execution_data: 'honoured',
      },
      tracing_configuration: { enabled: [false] },
      publish: [false],
      tags: 'harmless',
    },
    computed: { arn: stateMachineArn, id: stateMachineArn, name: (machine) => nameOf(machine) },
  },
};

type Level = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
const LEVELS: readonly string[] = ['ALL', 'ERROR', 'FATAL', 'OFF'] satisfies Level[];

export function describeStateMachines(context: StackContext): StateMachineDescription[] {
  return context.resources('aws_sfn_state_machine').map((machine) => {
    const type = optionalText(machine, 'type') ?? 'STANDARD';
    if (type !== 'STANDARD' && type !== 'EXPRESS') {
      throw new StackError(`${machine.address}.type`, `must be STANDARD or EXPRESS, not ${type}`);
    }
    return {
      name: nameOf(machine),
      arn: stateMachineArn(machine, context),
      roleArn: text(machine, 'role_arn'),
      type,
      definition: text(machine, 'definition'),
      ...logging(machine),
    };
  });
}

function logging(machine: Resource): Pick<StateMachineDescription, 'logging'> {
  const block = optionalBlock(machine, 'logging_configuration');
  const destination = block && optionalText(block, 'log_destination');
  if (block === undefined || destination === undefined) {
    return {};
  }
  const level = optionalText(block, 'level') ?? 'OFF';
  if (!isLevel(level)) {
    throw new StackError(`${block.address}.level`, `must be one of ${LEVELS.join(', ')}, not ${level}`);
  }
  return {
    logging: {
      logGroupName: logGroupNameOf(destination),
      level,
      includeExecutionData: optionalFlag(block, 'include_execution_data') ?? false,
    },
  };
}

function isLevel(text: string): text is Level {
  return LEVELS.includes(text);
}

/** `arn:aws:logs:us-east-1:123456789012:log-group:/aws/x:*` -> `/aws/x` */
export function logGroupNameOf(arn: string): string {
  const [, name] = /:log-group:([^:]+)/.exec(arn) ?? [];
  return name ?? arn;
}
