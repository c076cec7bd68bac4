import { environmentStatus, type EnvironmentStatus } from '@dofs/operations/environment-status';
import type { Finding } from '@dofs/operations/finding';
import { messagesIn } from '@dofs/operations/queues';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { percent, seconds } from '../number-text.ts';
import { timeAgo } from '../parse-options.ts';
import { paint, print, printJson, remark, type Terminal } from '../terminal.ts';

export const status: CommandAction<{ readonly since: string }> = async (context, _args, options) => {
  const { terminal } = context;
  const target = await context.target();
  remark(terminal, `${target.names.prefix} (${target.origin})`);
  const found = await environmentStatus(target, Date.now(), timeAgo(options.since));
  if (terminal.json) {
    printJson(terminal, found);
  } else {
    print(terminal, statusLines(terminal, found).join('\n'));
  }
  return EXIT.ok;
};

/** The picture as lines of a terminal. */
export function statusLines(terminal: Terminal, found: EnvironmentStatus): readonly string[] {
  const line = <T>(label: string, finding: Finding<T>, describe: (value: T) => string) => {
    const text = finding.known
      ? describe(finding.value)
      : paint(terminal, 'yellow', `unknown: ${finding.why}`);
    return `${label.padEnd(20)}${text}`;
  };
  const warn = (bad: boolean, text: string) => (bad ? paint(terminal, 'red', text) : text);
  const since = found.countedFrom === null ? '' : ` (created since ${found.countedFrom.slice(0, 16)}Z)`;
  return [
    line(
      'orders',
      found.counts,
      ({ PROCESSING, FULFILLED, FAILED }) =>
        `${FULFILLED} FULFILLED, ${FAILED} FAILED, ${PROCESSING} PROCESSING${since}`,
    ),
    line('last hour', found.lastHour, ({ fulfilled, failed, successRate }) =>
      successRate === null
        ? 'no order ended'
        : `${percent(successRate)} fulfilled (${fulfilled} of ${fulfilled + failed})`,
    ),
    line('oldest PROCESSING', found.oldestProcessing, (oldest) =>
      oldest === null
        ? 'none'
        : warn(oldest.ageSeconds > 300, `${oldest.orderId}, for ${seconds(oldest.ageSeconds)}`),
    ),
    ...queueLines(found, line, warn),
    line('failed executions', found.failedExecutions, (executions) =>
      executions.length === 0
        ? 'none in the last hour'
        : warn(
            true,
            `${executions.length} in the last hour, newest ${executions[0]?.name} at ${executions[0]?.stoppedAt}`,
          ),
    ),
    line('alarms', found.alarms, (alarms) =>
      alarms.length === 0
        ? 'none'
        : alarms.map(({ name, reason }) => warn(true, `${name}: ${reason}`)).join('\n' + ' '.repeat(20)),
    ),
  ];
}

function queueLines(
  found: EnvironmentStatus,
  line: <T>(label: string, finding: Finding<T>, describe: (value: T) => string) => string,
  warn: (bad: boolean, text: string) => string,
): readonly string[] {
  const { queues, queueAges } = found;
  if (!queues.known) {
    return [line('queues', queues, String)];
  }
  return queues.value.map((depth) => {
    const age = queueAges.known
      ? queueAges.value.find(({ queue }) => queue === depth.queue)?.oldestSeconds
      : undefined;
    const isDlq = depth.queue.endsWith('-dlq');
    const messages = `${depth.visible} waiting, ${depth.inFlight} in flight${depth.delayed > 0 ? `, ${depth.delayed} delayed` : ''}`;
    const oldest = messagesIn(depth) === 0 ? '' : `, oldest ${oldestText(queueAges, age)}`;
    // A dead letter that dlq-handler holds at this moment is one all the same.
    const text = warn(isDlq && messagesIn(depth) > 0, `${messages}${oldest}`);
    return line(isDlq ? 'dead letter queue' : 'order queue', { known: true, value: text }, String);
  });
}

function oldestText(ages: EnvironmentStatus['queueAges'], age: number | null | undefined): string {
  if (age !== undefined && age !== null) {
    return seconds(age);
  }
  return ages.known ? 'not reported yet' : `unknown: ${ages.why}`;
}
