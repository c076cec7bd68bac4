import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The suites of the local system and of the command line mostly wait: one more than two cores have pays off.
  test: { projects: ['apps/*', 'libs/*'], maxWorkers: 3 },
});
