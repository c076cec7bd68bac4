import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { answering, echo, invoke, stepFunctions } from './step-functions-fixture.ts';

it('goes on with an execution whose step could not be stored', async () => {
  // Prepare: what a full disk does to the step after the first task, done by a trigger
  const directory = mkdtempSync(join(tmpdir(), 'states-'));
  const file = join(directory, 'states.db');
  const atWork = Promise.withResolvers<void>();
  const lambda = answering((call) => atWork.promise.then(() => echo(call)), echo);
  const states = { Work: invoke('Rest'), Rest: { Type: 'Succeed' } };
  const fixture = stepFunctions({ startAt: 'Work', states, file, dispatch: lambda.dispatch });
  await fixture.start('one');
  const other = new DatabaseSync(file);
  other.exec("CREATE TRIGGER full BEFORE UPDATE ON executions BEGIN SELECT RAISE(ABORT, 'disk full'); END");

  // Act
  atWork.resolve();
  await vi.waitFor(() => expect(fixture.defects).not.toEqual([]));
  other.exec('DROP TRIGGER full');
  other.close();

  // Assess
  expect(await fixture.ended('one')).toMatchObject({ status: 'SUCCEEDED' });
  expect(fixture.defects[0]).toMatchObject({ message: 'disk full' });
  await fixture.service.close();
  rmSync(directory, { recursive: true });
});
