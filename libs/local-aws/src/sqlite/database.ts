import { DatabaseSync } from 'node:sqlite';

/**
 * How long a statement waits for another process that holds the file's lock (a backup, a curious sqlite3), in
 * milliseconds. Everything else waits meanwhile, so it is short: those who write try again.
 */
const BUSY_TIMEOUT_MS = 100;
/** SQLite's code for a lock that somebody else holds (SQLite: "Result and Error Codes"). */
const SQLITE_BUSY = 5;

/** Whether a statement failed because another process holds the file's lock: it may be tried again. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

/** A store's file that is no database, or can't be opened. */
export class StoreUnreadableError extends Error {
  override readonly name = 'StoreUnreadableError';
  constructor(path: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${path} can't be opened (${why}); move it away, or choose another --data-dir`, { cause });
  }
}

/**
 * Opens a database and makes its tables.
 * @param path the file, or `:memory:`
 * @param schema statements that may be run again
 * @throws StoreUnreadableError
 */
export function openDatabase(path: string, schema: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    // Written is enough to survive `kill -9`; a sync per step would cost milliseconds.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    db.exec(schema);
    return db;
  } catch (error) {
    throw new StoreUnreadableError(path, error);
  }
}

/**
 * Runs the work as one transaction.
 * @throws what the work throws, after a rollback
 */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite rolls some failures back by itself (a full disk), and refuses to do so twice.
    if (db.isTransaction) {
      db.exec('ROLLBACK');
    }
    throw error;
  }
}
