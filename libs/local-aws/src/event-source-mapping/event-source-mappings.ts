import type { Clock } from '../clock.ts';
import type { FunctionRunner } from '../engines.ts';
import type { Dispatch } from '../service-call.ts';
import type { StackDescription } from '../stack-description.ts';
import { EventSourcePoller, type EventSourceProblem, type PollerSettings } from './event-source-poller.ts';
import { queueSource } from './queue-source.ts';

/** Batches at a time where the mapping sets no maximum: as many as Lambda begins with. */
const DEFAULT_CONCURRENCY = 5;
/** SQS's default visibility timeout, in seconds. */
const DEFAULT_VISIBILITY_TIMEOUT = '30';

export interface MappingSettings {
  readonly stack: Pick<StackDescription, 'eventSourceMappings' | 'functions' | 'queues'>;
  readonly dispatch: Dispatch;
  readonly functions: FunctionRunner;
  /** A queue's URL, by its ARN. */
  readonly queueUrl: (queueArn: string) => string;
  readonly clock: Clock;
  readonly backoff: PollerSettings['backoff'];
  readonly onProblem: (problem: EventSourceProblem) => void;
}

/** Waits after errors that do no harm to a machine and find a queue soon when it is back. */
export const DEFAULT_BACKOFF: PollerSettings['backoff'] = { firstMs: 100, longestMs: 5_000 };

export interface RunningMappings {
  /** Takes no more messages; resolves when the batches under way are through. */
  close(): Promise<void>;
}

/**
 * Starts the stack's event source mappings; each calls SQS as its function's role.
 * @throws Error where a mapping's function or queue isn't in the stack
 */
export function startEventSourceMappings(settings: MappingSettings): RunningMappings {
  const { stack, clock, backoff, functions, onProblem } = settings;
  const prepared = stack.eventSourceMappings
    .filter(({ enabled }) => enabled)
    .map((mapping): PollerSettings => {
      const fn = stack.functions.find(({ arn }) => arn === mapping.functionArn);
      const queue = stack.queues.find(({ arn }) => arn === mapping.queueArn);
      if (fn === undefined || queue === undefined) {
        const missing = fn === undefined ? mapping.functionArn : mapping.queueArn;
        throw new Error(`an event source mapping needs ${missing}, which the stack hasn't`);
      }
      const visibility = queue.attributes['VisibilityTimeout'] ?? DEFAULT_VISIBILITY_TIMEOUT;
      return {
        mapping,
        queue: queueSource(settings.dispatch, settings.queueUrl(queue.arn), {
          kind: 'role',
          roleArn: fn.roleArn,
          user: fn.name,
        }),
        functions,
        concurrency: mapping.maximumConcurrency ?? DEFAULT_CONCURRENCY,
        visibilityTimeoutMs: Number(visibility) * 1000,
        backoff,
        clock,
        onProblem,
      };
    });
  const pollers = prepared.map((poller) => new EventSourcePoller(poller));
  return {
    close: async () => {
      await Promise.all(pollers.map((poller) => poller.close()));
    },
  };
}
