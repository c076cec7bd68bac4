import type { Clock } from '../clock.ts';
import type { FunctionRunner } from '../engines.ts';
import type { FunctionPermission, ScheduleDescription, StackDescription } from '../stack-description.ts';
import { rateMs } from './rate.ts';

export interface ScheduleSettings {
  readonly stack: Pick<StackDescription, 'schedules' | 'functionPermissions' | 'accountId' | 'region'>;
  readonly functions: FunctionRunner;
  readonly clock: Clock;
  readonly randomUuid: () => string;
  /** Calls back again and again until the returned function is called. @param ms the interval */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Told of every run that failed; the next one is its retry. */
  readonly onProblem: (problem: { readonly schedule: string; readonly detail: string }) => void;
}

export interface RunningSchedules {
  /** Starts no more runs; resolves when those under way are through. */
  close(): Promise<void>;
}

/** Lets the machine's own timers drive schedules, without keeping the process alive for them. */
export const everyInterval: ScheduleSettings['every'] = (ms, callback) => {
  const timer = setInterval(callback, ms).unref();
  return () => clearInterval(timer);
};

/**
 * Invokes functions at a rate. A run that isn't through when the next is due leaves that one out; on AWS both would
 * run.
 */
export function startSchedules(settings: ScheduleSettings): RunningSchedules {
  const running = new Map<ScheduleDescription, Promise<void>>();
  const stops = settings.stack.schedules.flatMap((schedule) => {
    const interval = rateMs(schedule.scheduleExpression);
    if (interval === undefined) {
      return [];
    }
    const stop = settings.every(interval, () => {
      if (!running.has(schedule)) {
        running.set(
          schedule,
          run(schedule, settings).finally(() => running.delete(schedule)),
        );
      }
    });
    return [stop];
  });
  return {
    close: async () => {
      stops.forEach((stop) => stop());
      await Promise.all(running.values());
    },
  };
}

async function run(schedule: ScheduleDescription, settings: ScheduleSettings): Promise<void> {
  const { stack, functions, onProblem } = settings;
  const fail = (detail: string) => onProblem({ schedule: schedule.name, detail });
  if (!mayInvoke(schedule, stack.functionPermissions)) {
    fail(`may not invoke ${schedule.targetArn}: no permission for events.amazonaws.com`);
    return;
  }
  try {
    const event = schedule.input ?? JSON.stringify(scheduledEvent(schedule, settings));
    const { functionError, payload } = await functions.invoke(schedule.targetArn, event);
    if (functionError !== undefined) {
      fail(payload);
    }
  } catch (error) {
    fail(String(error));
  }
}

/** A rule needs the function's permission; a schedule of EventBridge Scheduler comes with a role instead. */
function mayInvoke(schedule: ScheduleDescription, permissions: readonly FunctionPermission[]): boolean {
  const functionName = schedule.targetArn.split(':')[6];
  return (
    schedule.roleArn !== undefined ||
    permissions.some(
      (permission) =>
        permission.functionName === functionName &&
        permission.principal === 'events.amazonaws.com' &&
        (permission.sourceArn === undefined || permission.sourceArn === schedule.arn),
    )
  );
}

/** What EventBridge sends where the schedule names no input of its own. */
function scheduledEvent(schedule: ScheduleDescription, settings: ScheduleSettings): Record<string, unknown> {
  return {
    version: '0',
    id: settings.randomUuid(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: settings.stack.accountId,
    time: new Date(settings.clock()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: settings.stack.region,
    resources: [schedule.arn],
    detail: {},
  };
}
