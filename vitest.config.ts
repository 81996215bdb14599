import { defineConfig } from 'vitest/config';

// Bounds for what hangs, not for what is slow: the machine may have other things to do.
const common = { pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 60_000 };

/**
 * `local` needs Node and npm, and git where it says so; `long` the same, with more time than the gate has; `nightly` is what takes
 * long and watches over memory or over the tests themselves; `services` needs Ceph, PostgreSQL or a browser.
 */
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
          exclude: ['test/services/**', 'test/**/*.long.test.ts', 'test/**/*.nightly.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...common,
          name: 'nightly',
          include: ['test/**/*.nightly.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...common,
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          globalSetup: ['test/services/ceph.setup.ts', 'test/services/postgres.setup.ts'],
          // For a machine that has other things to do: what waits for a service waits longer.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
