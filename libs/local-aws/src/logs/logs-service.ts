import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { unknownOperation } from '../dispatch.ts';
import type { LogSink } from '../engines.ts';
import { AwsError, type JsonObject, type Service } from '../service-call.ts';
import type { LogGroupDescription, StackDescription } from '../stack-description.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { createLogBuffer } from './log-buffer.ts';
import { putEvents } from './put-events.ts';
import { openLogStore, type LogEvent, type LogStore } from './log-store.ts';

export interface Logs extends Service, LogSink {
  close(): void;
}

/** What AWS answers at most at a time. */
const MAX_PAGE = 10_000;
const DESCRIBE_PAGE = 50;
/** Events looked through before others get a turn: some milliseconds. */
const FILTER_SLICE = 2_000;

interface LogState {
  readonly store: LogStore;
  readonly groups: ReadonlyMap<string, LogGroupDescription>;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly arnOf: (groupName: string) => string;
  flush(): void;
}

export interface LogsOptions {
  /** The database, or `:memory:`. */
  readonly file: string;
  readonly clock: Clock;
  /** Told of events that could not be written. */
  readonly onLost: (error: unknown) => void;
}

/**
 * CloudWatch Logs with the stack's groups. Events are written a tenth of a second later, many at a time: a `kill -9`
 * may take the last lines, never an order.
 * @throws StoreUnreadableError
 */
export function startLogs(
  description: Pick<StackDescription, 'logGroups' | 'accountId' | 'region'>,
  options: LogsOptions,
): Logs {
  const store = openLogStore(options.file);
  const groups = new Map(description.logGroups.map((group) => [group.name, group]));
  const buffer = createLogBuffer({ store, groups, clock: options.clock, onLost: options.onLost });
  const state: LogState = {
    store,
    groups,
    clock: options.clock,
    startedAt: options.clock(),
    arnOf: (group) => `arn:aws:logs:${description.region}:${description.accountId}:log-group:${group}`,
    flush: buffer.flush,
  };
  const append: LogSink['append'] = (groupName, streamName, events) => {
    // AWS takes lines of groups that don't exist too, for Lambda makes its group; here it appears likewise.
    if (!groups.has(groupName)) {
      groups.set(groupName, { name: groupName });
    }
    const ingestionTime = options.clock();
    buffer.add(events.map((event) => ({ ...event, groupName, streamName, ingestionTime })));
  };
  return {
    name: 'logs',
    append,
    call: ({ operation, input }) => answer(state, append, operation, input),
    resourceArns: ({ input }) => {
      const group = groupNameIn(input);
      return [group === undefined ? '*' : `${state.arnOf(group)}:*`];
    },
    close() {
      buffer.flush();
      buffer.stop();
      store.close();
    },
  };
}

function groupNameIn(input: JsonObject): string | undefined {
  const { logGroupName, logGroupIdentifier } = input;
  const name = logGroupName ?? logGroupIdentifier;
  return typeof name === 'string' ? name.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '') : undefined;
}

function knownGroup(state: LogState, input: JsonObject): string {
  const name = groupNameIn(input);
  if (name === undefined || !state.groups.has(name)) {
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
  return name;
}

async function answer(
  state: LogState,
  append: LogSink['append'],
  operation: string,
  input: JsonObject,
): Promise<JsonObject> {
  state.flush();
  switch (operation) {
    case 'DescribeLogGroups':
      return Promise.resolve(describeGroups(state, input));
    case 'DescribeLogStreams':
      return describeStreams(state, knownGroup(state, input), input);
    case 'GetLogEvents':
      return getEvents(state, knownGroup(state, input), input);
    case 'FilterLogEvents':
      return filterEvents(state, knownGroup(state, input), input);
    case 'CreateLogStream':
      state.store.ensureStream(knownGroup(state, input), String(input['logStreamName']), state.clock());
      return {};
    case 'PutLogEvents':
      putEvents(append, knownGroup(state, input), input);
      return { nextSequenceToken: '0' };
    case 'ListTagsForResource':
      return { tags: {} };
    default:
      throw unknownOperation('logs', operation);
  }
}

/** A page of what is sorted by name; the token is the last name of the page before. */
function paged<T extends { readonly name: string }>(all: readonly T[], input: JsonObject) {
  const { nextToken = '', limit = DESCRIBE_PAGE } = input;
  const rest = all.filter(({ name }) => name > String(nextToken));
  const page = rest.slice(0, Number(limit));
  const last = page.at(-1);
  return { page, token: page.length < rest.length && last !== undefined ? { nextToken: last.name } : {} };
}

/** A page of what is sorted in any other way; the token is the position of the next page. */
function pagedByPosition<T>(all: readonly T[], input: JsonObject) {
  const { nextToken = '0', limit = DESCRIBE_PAGE } = input;
  const end = Number(nextToken) + Number(limit);
  return {
    page: all.slice(Number(nextToken), end),
    token: end < all.length ? { nextToken: String(end) } : {},
  };
}

function describeGroups(state: LogState, input: JsonObject): JsonObject {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: part } = input;
  const groups = [...state.groups.values()]
    .filter(({ name }) => typeof prefix !== 'string' || name.startsWith(prefix))
    .filter(({ name }) => typeof part !== 'string' || name.toLowerCase().includes(part.toLowerCase()))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { page, token } = paged(groups, input);
  return {
    logGroups: page.map(({ name, retentionDays }) => ({
      logGroupName: name,
      creationTime: state.startedAt,
      ...(retentionDays === undefined ? {} : { retentionInDays: retentionDays }),
      metricFilterCount: 0,
      arn: `${state.arnOf(name)}:*`,
      logGroupArn: state.arnOf(name),
      storedBytes: state.store.storedBytes(name),
      logGroupClass: 'STANDARD',
    })),
    ...token,
  };
}

function describeStreams(state: LogState, groupName: string, input: JsonObject): JsonObject {
  const { logStreamNamePrefix: prefix, orderBy, descending } = input;
  const streams = state.store
    .streams(groupName)
    .filter(({ name }) => typeof prefix !== 'string' || name.startsWith(prefix));
  const byTime = orderBy === 'LastEventTime';
  const ordered = byTime
    ? [...streams].sort((a, b) => (a.lastEventTime ?? 0) - (b.lastEventTime ?? 0))
    : [...streams];
  if (descending === true) {
    ordered.reverse();
  }
  const pages = byTime || descending === true ? pagedByPosition(ordered, input) : paged(ordered, input);
  return {
    logStreams: pages.page.map(({ name, creationTime, firstEventTime, lastEventTime }) => ({
      logStreamName: name,
      creationTime,
      ...(firstEventTime === undefined ? {} : { firstEventTimestamp: firstEventTime }),
      ...(lastEventTime === undefined
        ? {}
        : { lastEventTimestamp: lastEventTime, lastIngestionTime: lastEventTime }),
      arn: `${state.arnOf(groupName)}:log-stream:${name}`,
      storedBytes: 0,
    })),
    ...pages.token,
  };
}

function timesOf(input: JsonObject): { readonly from?: number; readonly until?: number } {
  const { startTime, endTime } = input;
  return {
    ...(typeof startTime === 'number' ? { from: startTime } : {}),
    ...(typeof endTime === 'number' ? { until: endTime } : {}),
  };
}

function getEvents(state: LogState, groupName: string, input: JsonObject): JsonObject {
  const streamName = String(input['logStreamName']);
  if (!state.store.streams(groupName).some(({ name }) => name === streamName)) {
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  const { nextToken } = input;
  const [, direction, position] =
    /^([fb])\/(\d+)$/.exec(typeof nextToken === 'string' ? nextToken : '') ?? [];
  const newestFirst = direction === undefined ? input['startFromHead'] !== true : direction === 'b';
  const found = state.store.events({
    groupName,
    streamNames: [streamName],
    ...timesOf(input),
    ...(position === undefined ? {} : { cursor: Number(position) }),
    newestFirst,
    limit: Number(input['limit'] ?? MAX_PAGE),
  });
  const events = newestFirst ? [...found].reverse() : found;
  return {
    events: events.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${events.at(-1)?.id ?? position ?? 0}`,
    nextBackwardToken: `b/${events[0]?.id ?? position ?? 0}`,
  };
}

/** Looks through a slice at a time, so that a long search doesn't hold up orders. */
async function filterEvents(state: LogState, groupName: string, input: JsonObject): Promise<JsonObject> {
  const { filterPattern, logStreamNames, logStreamNamePrefix: prefix, nextToken } = input;
  const matches = compileFilterPattern(typeof filterPattern === 'string' ? filterPattern : '');
  const limit = Math.min(Number(input['limit'] ?? MAX_PAGE), MAX_PAGE);
  const events: LogEvent[] = [];
  let cursor = nextToken === undefined ? 0 : Number(nextToken);
  for (;;) {
    const batch = state.store.events({
      groupName,
      ...(logStreamNames === undefined ? {} : { streamNames: logStreamNames as readonly string[] }),
      ...timesOf(input),
      cursor,
      newestFirst: false,
      limit: FILTER_SLICE,
    });
    for (const event of batch) {
      cursor = event.id;
      if ((typeof prefix !== 'string' || event.streamName.startsWith(prefix)) && matches(event.message)) {
        events.push(event);
        if (events.length === limit) {
          return { events: events.map(filteredEvent), searchedLogStreams: [], nextToken: String(cursor) };
        }
      }
    }
    if (batch.length < FILTER_SLICE) {
      return { events: events.map(filteredEvent), searchedLogStreams: [] };
    }
    await setImmediate();
  }
}

function filteredEvent({ id, streamName, timestamp, message, ingestionTime }: LogEvent): JsonObject {
  return {
    logStreamName: streamName,
    timestamp,
    message,
    ingestionTime,
    eventId: String(id).padStart(56, '0'),
  };
}
