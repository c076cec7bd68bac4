import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Properties are tried hundreds of times: on a busy machine that takes longer than the default 5 s.
  test: { name: 'stuck-order-sweep', include: ['src/**/*.test.ts'], testTimeout: 30_000 },
});
