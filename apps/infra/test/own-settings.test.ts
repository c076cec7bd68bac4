import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
const EDITED = ['src/config/project.ts', 'src/config/environments.ts'];
/** Checks that the edited files can be synthesized, whatever they hold. */
const EXCEPTION = 'src/config/own-settings.test.ts';

describe('the settings that an installation edits', () => {
  it('are read by no test that expects a certain value', async () => {
    // Prepare
    const tests = globSync('{src,test}/**/*.test.ts', { cwd: PACKAGE }).filter((test) => test !== EXCEPTION);

    // Act
    const { metafile } = await build({
      absWorkingDir: PACKAGE,
      entryPoints: tests,
      outdir: 'unused',
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });

    // Assess
    const read = Object.keys(metafile.inputs).map((path) => relative(PACKAGE, join(PACKAGE, path)));
    expect(tests.length).toBeGreaterThan(8);
    expect(read.filter((path) => EDITED.includes(path))).toEqual([]);
  });
});
