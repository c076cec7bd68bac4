import { defineConfig } from 'vitest/config';
import { PINNED_NAMES } from './src/pinned-settings.ts';

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['src/**/*.system.test.ts'],
    globalSetup: ['src/global-setup.ts'],
    // For the commands of the documentation, which name the project by a variable.
    env: PINNED_NAMES,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
