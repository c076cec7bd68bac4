import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'local-aws', include: ['src/**/*.test.ts'] },
});
