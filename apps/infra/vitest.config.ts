import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'infra',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.system.test.ts'],
    globalSetup: ['test/build-bundles.ts'],
    testTimeout: 60_000,
  },
});
