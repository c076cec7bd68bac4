import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { JsonObject } from '../service-call.ts';
import { openDatabase, transaction } from '../sqlite/database.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  /** Counts up. */
  readonly sequence: number;
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  /** JSON text. */
  readonly input: string;
  /** Epoch milliseconds. */
  readonly startDate: number;
  /** The state that was entered last, and its input as JSON text. */
  readonly state: string;
  readonly stateInput: string;
  readonly end?: ExecutionEnd;
}

export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  /** Epoch milliseconds. */
  readonly stopDate: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** An event of the history as AWS shows it. */
export type HistoryEvent = JsonObject & { readonly id: number };

export interface ExecutionStore {
  /** @returns its sequence */
  insert(execution: Omit<Execution, 'sequence' | 'end' | 'status'>, history: readonly HistoryEvent[]): number;
  find(arn: string): Execution | undefined;
  enter(sequence: number, state: string, stateInput: string, history: readonly HistoryEvent[]): void;
  end(sequence: number, end: ExecutionEnd, history: readonly HistoryEvent[]): void;
  remove(sequence: number): void;
  running(): readonly Execution[];
  /** Newest first, before the cursor (a sequence). */
  list(machineArn: string, status: string | undefined, cursor: number, limit: number): readonly Execution[];
  history(sequence: number): readonly HistoryEvent[];
  lastEventId(sequence: number): number;
  /** Forgets executions that ended before the time (epoch milliseconds), and histories but of the newest ones. */
  trim(before: number, histories: number): void;
  close(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS executions (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  arn TEXT NOT NULL UNIQUE,
  machine_arn TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  input TEXT NOT NULL,
  start_date INTEGER NOT NULL,
  state TEXT NOT NULL,
  state_input TEXT NOT NULL,
  stop_date INTEGER,
  output TEXT,
  error TEXT,
  cause TEXT
);
CREATE INDEX IF NOT EXISTS executions_by_machine ON executions (machine_arn, sequence);
CREATE INDEX IF NOT EXISTS executions_by_status ON executions (status, sequence);
CREATE TABLE IF NOT EXISTS history (
  execution INTEGER NOT NULL,
  id INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (execution, id)
) WITHOUT ROWID;`;

/** @param path the database file, or `:memory:` @throws StoreUnreadableError */
export function openExecutionStore(path: string): ExecutionStore {
  const db = openDatabase(path, SCHEMA);
  return { ...writes(db), ...reads(db), close: () => db.close() };
}

function writes(db: DatabaseSync): Pick<ExecutionStore, 'insert' | 'enter' | 'end' | 'remove' | 'trim'> {
  const insert = db.prepare(`INSERT INTO executions
    (arn, machine_arn, name, status, input, start_date, state, state_input) VALUES (?, ?, ?, 'RUNNING', ?, ?, ?, ?)`);
  const enter = db.prepare('UPDATE executions SET state = ?, state_input = ? WHERE sequence = ?');
  const end = db.prepare(`UPDATE executions SET status = ?, stop_date = ?, output = ?, error = ?, cause = ?,
    state_input = '' WHERE sequence = ?`);
  const remove = db.prepare('DELETE FROM executions WHERE sequence = ?');
  const record = db.prepare('INSERT OR REPLACE INTO history VALUES (?, ?, ?)');
  const forget = db.prepare("DELETE FROM executions WHERE status <> 'RUNNING' AND stop_date < ?");
  const forgetHistories =
    db.prepare(`DELETE FROM history WHERE execution <= (SELECT max(sequence) FROM executions) - ?
    AND execution NOT IN (SELECT sequence FROM executions WHERE status = 'RUNNING')`);
  const recordAll = (sequence: number, history: readonly HistoryEvent[]) => {
    for (const event of history) {
      record.run(sequence, event.id, JSON.stringify(event));
    }
  };
  return {
    insert: ({ arn, machineArn, name, input, startDate, state, stateInput }, history) =>
      transaction(db, () => {
        const { lastInsertRowid } = insert.run(arn, machineArn, name, input, startDate, state, stateInput);
        recordAll(Number(lastInsertRowid), history);
        return Number(lastInsertRowid);
      }),
    enter(sequence, state, stateInput, history) {
      transaction(db, () => {
        enter.run(state, stateInput, sequence);
        recordAll(sequence, history);
      });
    },
    end(sequence, { status, stopDate, output, error, cause }, history) {
      transaction(db, () => {
        end.run(status, stopDate, output ?? null, error ?? null, cause ?? null, sequence);
        recordAll(sequence, history);
      });
    },
    remove(sequence) {
      remove.run(sequence);
    },
    trim(before, histories) {
      forget.run(before);
      forgetHistories.run(histories);
    },
  };
}

function reads(
  db: DatabaseSync,
): Pick<ExecutionStore, 'find' | 'running' | 'list' | 'history' | 'lastEventId'> {
  const find = db.prepare('SELECT * FROM executions WHERE arn = ?');
  const running = db.prepare("SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY sequence");
  const list = db.prepare(
    'SELECT * FROM executions WHERE machine_arn = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
  );
  const listByStatus = db.prepare(
    'SELECT * FROM executions WHERE machine_arn = ? AND sequence < ? AND status = ? ORDER BY sequence DESC LIMIT ?',
  );
  const history = db.prepare('SELECT event FROM history WHERE execution = ? ORDER BY id');
  const lastEvent = db.prepare('SELECT coalesce(max(id), 0) AS id FROM history WHERE execution = ?');
  return {
    find(arn) {
      const row = find.get(arn);
      return row === undefined ? undefined : executionOf(row);
    },
    running: () => running.all().map(executionOf),
    list: (machineArn, status, cursor, limit) =>
      (status === undefined
        ? list.all(machineArn, cursor, limit)
        : listByStatus.all(machineArn, cursor, status, limit)
      ).map(executionOf),
    history: (sequence) =>
      history.all(sequence).map(({ event }) => JSON.parse(String(event)) as HistoryEvent),
    lastEventId: (sequence) => Number(lastEvent.get(sequence)?.['id']),
  };
}

function executionOf(row: Record<string, SQLOutputValue>): Execution {
  const text = (column: string) => String(row[column]);
  const optional = (name: string, column = name) =>
    row[column] === null ? {} : { [name]: String(row[column]) };
  const status = text('status') as ExecutionStatus;
  return {
    sequence: Number(row['sequence']),
    arn: text('arn'),
    machineArn: text('machine_arn'),
    name: text('name'),
    status,
    input: text('input'),
    startDate: Number(row['start_date']),
    state: text('state'),
    stateInput: text('state_input'),
    ...(status === 'RUNNING'
      ? {}
      : {
          end: {
            status,
            stopDate: Number(row['stop_date']),
            ...optional('output'),
            ...optional('error'),
            ...optional('cause'),
          },
        }),
  };
}
