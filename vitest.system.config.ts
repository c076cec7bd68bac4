import { defineConfig } from 'vitest/config';

/** The suites that start whole programs: the local system again and again, dofs, the AWS CLI, the pipelines' scripts. */
export default defineConfig({
  // They mostly wait: one more than two cores have pays off.
  test: { projects: ['apps/*/vitest.system.config.ts'], maxWorkers: 3 },
});
