import { setTimeout as timer } from 'node:timers';
import type { Clock } from '../clock.ts';
import type { LogGroupDescription } from '../stack-description.ts';
import { isBusy } from '../sqlite/database.ts';
import type { LogStore, NewLogEvent } from './log-store.ts';

/** Events kept over all groups; the oldest go first, so that a long run doesn't fill the disk. */
const MAX_EVENTS = 500_000;
const FLUSH_MS = 100;
const FLUSH_EVENTS = 500;
/** While the file is locked. */
const RETRY_MS = 1_000;
const MAX_WAITING_EVENTS = 20_000;
const TRIM_EVERY_EVENTS = 20_000;
const DAY_MS = 86_400_000;

export interface LogBufferSettings {
  readonly store: LogStore;
  readonly groups: ReadonlyMap<string, LogGroupDescription>;
  readonly clock: Clock;
  /** Told of events that could not be written: they are lost, and nothing else is. */
  readonly onLost: (error: unknown) => void;
}

/** Events that wait to be written, many at a time. */
export interface LogBuffer {
  add(events: readonly NewLogEvent[]): void;
  readonly flush: () => void;
  stop(): void;
}

export function createLogBuffer({ store, groups, clock, onLost }: LogBufferSettings): LogBuffer {
  let waiting: NewLogEvent[] = [];
  let sinceTrim = 0;
  let scheduled: NodeJS.Timeout | undefined;
  /** The file was locked: each further try makes everybody wait, so none before its time. */
  let isLocked = false;
  const write = (events: readonly NewLogEvent[]) => {
    store.add(events);
    sinceTrim += events.length;
    if (sinceTrim >= TRIM_EVERY_EVENTS) {
      sinceTrim = 0;
      store.trim(retentionLimits(groups, clock()), MAX_EVENTS);
    }
  };
  /** A locked file is tried again, a full disk takes log lines; neither takes the system that writes them. */
  const keepOrLose = (events: readonly NewLogEvent[], error: unknown) => {
    if (isBusy(error) && events.length < MAX_WAITING_EVENTS) {
      waiting = [...events, ...waiting];
      isLocked = true;
      scheduled = timer(flush, RETRY_MS);
    } else {
      onLost(error);
    }
  };
  const flush = () => {
    clearTimeout(scheduled);
    scheduled = undefined;
    isLocked = false;
    const events = waiting;
    waiting = [];
    if (events.length > 0) {
      try {
        write(events);
      } catch (error) {
        keepOrLose(events, error);
      }
    }
  };
  return {
    flush,
    stop: () => clearTimeout(scheduled),
    add(events) {
      waiting.push(...events);
      if (waiting.length >= FLUSH_EVENTS && !isLocked) {
        flush();
      } else {
        scheduled ??= timer(flush, FLUSH_MS);
      }
    },
  };
}

function retentionLimits(
  groups: ReadonlyMap<string, LogGroupDescription>,
  now: number,
): ReadonlyMap<string, number> {
  return new Map(
    [...groups.values()].flatMap(({ name, retentionDays }) =>
      retentionDays === undefined ? [] : [[name, now - retentionDays * DAY_MS] as const],
    ),
  );
}
