import { defineConfig } from 'vitest/config';

const common = { pool: 'forks' as const, testTimeout: 20_000, hookTimeout: 20_000 };

/** `local` needs Node and npm, and git where it says so; `services` needs Ceph, PostgreSQL or a browser. */
export default defineConfig({
  test: {
    passWithNoTests: true,
    // By default one worker on two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'local',
          include: ['test/**/*.test.ts'],
          exclude: ['test/services/**'],
        },
      },
      {
        test: {
          ...common,
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          globalSetup: ['test/services/ceph.setup.ts'],
          // For a machine that has other things to do: what waits for a service waits longer.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
