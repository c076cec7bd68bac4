import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'infra',
    include: ['test/**/*.system.test.ts'],
    globalSetup: ['test/build-bundles.ts'],
    testTimeout: 60_000,
  },
});
