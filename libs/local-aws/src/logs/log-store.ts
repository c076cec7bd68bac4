import type { DatabaseSync } from 'node:sqlite';
import { openDatabase, transaction } from '../sqlite/database.ts';

export interface LogEvent {
  /** Counts up, in the order of arrival. */
  readonly id: number;
  readonly groupName: string;
  readonly streamName: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Epoch milliseconds. */
  readonly ingestionTime: number;
  readonly message: string;
}

export type NewLogEvent = Omit<LogEvent, 'id'>;

export interface LogStream {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly creationTime: number;
  readonly firstEventTime?: number;
  readonly lastEventTime?: number;
}

export interface EventQuery {
  readonly groupName: string;
  readonly streamNames?: readonly string[];
  /** Epoch milliseconds, inclusive. */
  readonly from?: number;
  /** Epoch milliseconds, exclusive. */
  readonly until?: number;
  /** Only events after (or, newest first, before) this id. */
  readonly cursor?: number;
  readonly newestFirst: boolean;
  readonly limit: number;
}

export interface LogStore {
  add(events: readonly NewLogEvent[]): void;
  ensureStream(groupName: string, streamName: string, now: number): void;
  streams(groupName: string): readonly LogStream[];
  events(query: EventQuery): readonly LogEvent[];
  /** Bytes of the group's messages. */
  storedBytes(groupName: string): number;
  /** Drops events before the time (epoch milliseconds), streams left without events since, and the oldest beyond the maximum. */
  trim(before: ReadonlyMap<string, number>, maxEvents: number): void;
  close(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY,
  group_name TEXT NOT NULL,
  stream_name TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  ingestion_time INTEGER NOT NULL,
  message TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_group ON events (group_name, id);
CREATE TABLE IF NOT EXISTS streams (
  group_name TEXT NOT NULL,
  stream_name TEXT NOT NULL,
  creation_time INTEGER NOT NULL,
  first_event INTEGER,
  last_event INTEGER,
  PRIMARY KEY (group_name, stream_name)
);`;

/** @param path the database file, or `:memory:` @throws StoreUnreadableError */
export function openLogStore(path: string): LogStore {
  const db = openDatabase(path, SCHEMA);
  return { ...writes(db), ...reads(db), close: () => db.close() };
}

function writes(db: DatabaseSync): Pick<LogStore, 'add' | 'ensureStream' | 'trim'> {
  const insert = db.prepare(
    'INSERT INTO events (group_name, stream_name, timestamp, ingestion_time, message) VALUES (?, ?, ?, ?, ?)',
  );
  const touch = db.prepare(`INSERT INTO streams VALUES (?1, ?2, ?3, ?4, ?4)
    ON CONFLICT DO UPDATE SET first_event = coalesce(first_event, ?4), last_event = max(coalesce(last_event, ?4), ?4)`);
  const ensure = db.prepare(
    'INSERT OR IGNORE INTO streams (group_name, stream_name, creation_time) VALUES (?, ?, ?)',
  );
  const expire = db.prepare('DELETE FROM events WHERE group_name = ? AND timestamp < ?');
  const expireStreams = db.prepare('DELETE FROM streams WHERE group_name = ? AND last_event < ?');
  const bound = db.prepare('DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?');
  return {
    add(events) {
      transaction(db, () => {
        for (const { groupName, streamName, timestamp, ingestionTime, message } of events) {
          insert.run(groupName, streamName, timestamp, ingestionTime, message);
          touch.run(groupName, streamName, ingestionTime, timestamp);
        }
      });
    },
    ensureStream(groupName, streamName, now) {
      ensure.run(groupName, streamName, now);
    },
    trim(before, maxEvents) {
      for (const [groupName, time] of before) {
        expire.run(groupName, time);
        expireStreams.run(groupName, time);
      }
      bound.run(maxEvents);
    },
  };
}

function reads(db: DatabaseSync): Pick<LogStore, 'streams' | 'events' | 'storedBytes'> {
  const streamRows = db.prepare('SELECT * FROM streams WHERE group_name = ? ORDER BY stream_name');
  const bytes = db.prepare(
    'SELECT coalesce(sum(length(message)), 0) AS bytes FROM events WHERE group_name = ?',
  );
  return {
    streams: (groupName) =>
      streamRows.all(groupName).map((row) => ({
        name: String(row['stream_name']),
        creationTime: Number(row['creation_time']),
        ...(row['first_event'] === null ? {} : { firstEventTime: Number(row['first_event']) }),
        ...(row['last_event'] === null ? {} : { lastEventTime: Number(row['last_event']) }),
      })),
    storedBytes: (groupName) => Number(bytes.get(groupName)?.['bytes']),
    events: (query) => selectEvents(db, query),
  };
}

function selectEvents(db: DatabaseSync, query: EventQuery): readonly LogEvent[] {
  const { groupName, streamNames, from, until, cursor, newestFirst, limit } = query;
  const conditions = ['group_name = ?'];
  const values: (string | number)[] = [groupName];
  const add = (condition: string, ...parameters: readonly (string | number)[]) => {
    conditions.push(condition);
    values.push(...parameters);
  };
  if (streamNames !== undefined) {
    add(`stream_name IN (${streamNames.map(() => '?').join(', ')})`, ...streamNames);
  }
  if (from !== undefined) {
    add('timestamp >= ?', from);
  }
  if (until !== undefined) {
    add('timestamp < ?', until);
  }
  if (cursor !== undefined) {
    add(newestFirst ? 'id < ?' : 'id > ?', cursor);
  }
  const rows = db
    .prepare(
      `SELECT * FROM events WHERE ${conditions.join(' AND ')} ORDER BY id ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
    )
    .all(...values, limit);
  return rows.map((row) => ({
    id: Number(row['id']),
    groupName,
    streamName: String(row['stream_name']),
    timestamp: Number(row['timestamp']),
    ingestionTime: Number(row['ingestion_time']),
    message: String(row['message']),
  }));
}
