import { RATE } from '../../schedules/rate.ts';
import type { ScheduleDescription } from '../../stack-description.ts';
import {
  optionalBlock,
  optionalFlag,
  optionalText,
  text,
  type Resource,
  type ResourceTypes,
  type StackContext,
} from '../resource.ts';
import { nameOf, regionalArn } from './names.ts';

const ruleArn = (rule: Resource, context: StackContext) =>
  regionalArn(context, 'events', `rule/${nameOf(rule)}`);
const scheduleArn = (schedule: Resource, context: StackContext) =>
  regionalArn(
    context,
    'scheduler',
    `schedule/${optionalText(schedule, 'group_name') ?? 'default'}/${nameOf(schedule)}`,
  );

/** Schedules start functions here, nothing else. */
const FUNCTION_ARN = /^arn:[^:]+:lambda:/;

export const scheduleTypes: ResourceTypes = {
  aws_cloudwatch_event_rule: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      schedule_expression: RATE,
      state: 'honoured',
      is_enabled: 'honoured',
      event_bus_name: ['default'],
      description: 'harmless',
      tags: 'harmless',
    },
    computed: { arn: ruleArn, id: (rule) => nameOf(rule), name: (rule) => nameOf(rule) },
  },
  aws_cloudwatch_event_target: {
    args: {
      rule: 'honoured',
      arn: FUNCTION_ARN,
      input: 'honoured',
      role_arn: 'honoured',
      target_id: 'harmless',
    },
    computed: { id: (target) => `${text(target, 'rule')}-${target.name}` },
  },
  aws_scheduler_schedule: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      group_name: 'honoured',
      schedule_expression: RATE,
      schedule_expression_timezone: ['UTC'],
      state: 'honoured',
      flexible_time_window: { mode: ['OFF'] },
      target: { arn: FUNCTION_ARN, role_arn: 'honoured', input: 'honoured' },
      description: 'harmless',
    },
    computed: { arn: scheduleArn, id: (schedule) => nameOf(schedule), name: (schedule) => nameOf(schedule) },
  },
};

/** Every schedule that is enabled. */
export function describeSchedules(context: StackContext): ScheduleDescription[] {
  return [...ruleSchedules(context), ...schedulerSchedules(context)];
}

function ruleSchedules(context: StackContext): ScheduleDescription[] {
  return context.resources('aws_cloudwatch_event_rule').flatMap((rule) => {
    const scheduleExpression = optionalText(rule, 'schedule_expression');
    if (scheduleExpression === undefined || !isEnabled(rule)) {
      return [];
    }
    return context
      .resources('aws_cloudwatch_event_target')
      .filter((target) => text(target, 'rule') === nameOf(rule))
      .map((target) => ({
        name: nameOf(rule),
        arn: ruleArn(rule, context),
        scheduleExpression,
        targetArn: text(target, 'arn'),
        ...optional('roleArn', optionalText(target, 'role_arn')),
        ...optional('input', optionalText(target, 'input')),
      }));
  });
}

function isEnabled(rule: Resource): boolean {
  return (
    (optionalText(rule, 'state') ?? 'ENABLED') !== 'DISABLED' && (optionalFlag(rule, 'is_enabled') ?? true)
  );
}

function schedulerSchedules(context: StackContext): ScheduleDescription[] {
  return context
    .resources('aws_scheduler_schedule')
    .filter((schedule) => (optionalText(schedule, 'state') ?? 'ENABLED') === 'ENABLED')
    .flatMap((schedule) => {
      const target = optionalBlock(schedule, 'target');
      return target === undefined
        ? []
        : [
            {
              name: nameOf(schedule),
              arn: scheduleArn(schedule, context),
              scheduleExpression: text(schedule, 'schedule_expression'),
              targetArn: text(target, 'arn'),
              ...optional('roleArn', optionalText(target, 'role_arn')),
              ...optional('input', optionalText(target, 'input')),
            },
          ];
    });
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
