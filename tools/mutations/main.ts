/**
 * Breaks the code on purpose and checks that the tests notice.
 *
 *     npm run mutations            the unit tests of the packages that must notice
 *     npm run mutations -- --chaos the chaos run must notice too (minutes)
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyRepository, mutate, type RepositoryCopy } from './broken-copy.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';

const CHAOS = ['apps/e2e/src/chaos/main.ts', '--orders', '400', '--seed', '7', '--restarts', '1'];

function testsPass(copy: RepositoryCopy, packageFolder: string): boolean {
  const { status } = spawnSync(
    process.execPath,
    [join(copy.path, 'node_modules/vitest/vitest.mjs'), 'run', '--root', join(copy.path, packageFolder)],
    { cwd: join(copy.path, packageFolder), stdio: 'ignore' },
  );
  return status === 0;
}

function chaosPasses(copy: RepositoryCopy): boolean {
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...CHAOS], {
    cwd: copy.path,
    stdio: 'ignore',
  });
  return status === 0;
}

/** The check that must turn red, as a name and a run. */
function checksOf(copy: RepositoryCopy, mutation: Mutation, withChaos: boolean): [string, () => boolean][] {
  const tests = mutation.noticedBy.map((folder): [string, () => boolean] => [
    `tests of ${folder}`,
    () => testsPass(copy, folder),
  ]);
  return withChaos ? [...tests, ['chaos', () => chaosPasses(copy)]] : tests;
}

const { values } = parseArgs({ options: { chaos: { type: 'boolean', default: false } } });
const copy = copyRepository();
process.once('exit', () => copy.remove());
let passed = 0;
let failed = 0;
const tell = (good: boolean, text: string) => {
  passed += good ? 1 : 0;
  failed += good ? 0 : 1;
  console.log(`${good ? 'ok    ' : 'NOT OK'} ${text}`);
};

for (const folder of new Set(MUTATIONS.flatMap(({ noticedBy }) => noticedBy))) {
  tell(testsPass(copy, folder), `the tests of ${folder} pass while nothing is broken`);
}
for (const mutation of MUTATIONS) {
  for (const [name, passes] of checksOf(copy, mutation, values.chaos)) {
    const mend = mutate(copy, mutation);
    tell(!passes(), `${mutation.name}: noticed by the ${name}`);
    mend();
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
