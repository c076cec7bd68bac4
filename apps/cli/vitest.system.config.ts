import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'cli',
    include: ['src/**/*.system.test.ts'],
    // The local system that a suite starts, and the commands: as shipped, whatever an installation has set.
    env: { DOFS_PROJECT_NAME: 'dofs', DOFS_REGION: 'us-east-1', DOFS_API_AUTHORIZATION: 'NONE' },
  },
});
