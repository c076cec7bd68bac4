import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Each case starts a process that synthesizes the stack.
  test: { name: 'local', include: ['src/**/*.system.test.ts'], testTimeout: 60_000 },
});
