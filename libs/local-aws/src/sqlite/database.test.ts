import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, transaction } from './database.ts';

describe('a database file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'database-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('that is none is named, with what to do', () => {
    // Prepare
    const path = join(folder, 'states.db');
    writeFileSync(path, 'this is no database, but long enough to be looked at as one: '.repeat(20));

    // Act
    const opening = () => openDatabase(path, 'CREATE TABLE t (x)');

    // Assess
    expect(opening).toThrow(/states\.db can't be opened .*move it away/);
  });

  it('keeps nothing of a transaction that fails, and says why it failed', () => {
    // Prepare
    const db = openDatabase(':memory:', 'CREATE TABLE t (x)');

    // Act: SQLite has rolled back by itself when the error arrives
    const failing = () =>
      transaction(db, () => {
        db.exec('INSERT INTO t VALUES (1)');
        db.exec('ROLLBACK');
        throw new Error('disk full');
      });

    // Assess
    expect(failing).toThrow('disk full');
    expect(db.prepare('SELECT * FROM t').all()).toEqual([]);
    db.close();
  });
});
