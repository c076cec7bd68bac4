import { randomUUID } from 'node:crypto';
import { DEFAULT_BACKOFF, startEventSourceMappings } from '../event-source-mapping/event-source-mappings.ts';
import { everyInterval, startSchedules } from '../schedules/schedules.ts';
import type { StackDescription } from '../stack-description.ts';
import type { StackParts } from '../stack-parts.ts';
import type { Wiring } from './wiring.ts';

/** What brings work by itself. */
export function startSources(
  stack: StackDescription,
  { clock, dispatch, functions, report }: Wiring,
  parts: StackParts,
): void {
  const names = new Map(stack.queues.map(({ arn, name }) => [arn, name]));
  const mappings = startEventSourceMappings({
    stack,
    dispatch,
    functions,
    // SQS knows its queues by name, whatever the host.
    queueUrl: (arn) => `http://127.0.0.1/${stack.accountId}/${names.get(arn) ?? arn}`,
    clock,
    backoff: DEFAULT_BACKOFF,
    onProblem: ({ problem, functionArn, detail }) =>
      report('event-source-mapping', `${functionArn}: ${problem}: ${detail}`),
  });
  parts.started('mappings', () => mappings.close());
  const schedules = startSchedules({
    stack,
    functions,
    clock,
    randomUuid: randomUUID,
    every: everyInterval,
    onProblem: ({ schedule, detail }) => report('schedule', `${schedule}: ${detail}`),
  });
  parts.started('schedules', () => schedules.close());
}
