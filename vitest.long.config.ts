import { defineConfig } from 'vitest/config';

/**
 * Runs that take minutes: faults at every call, kills, load. `.ci/run` has them run after everything else; together they have ten minutes on
 * two cores.
 */
export default defineConfig({
  test: {
    name: 'long',
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    pool: 'forks',
    // Each keeps the machine busy by itself, and some look at what a busy machine does.
    maxWorkers: 1,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
