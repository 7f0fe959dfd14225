import { defineConfig } from 'vitest/config';

/** Runs that take many minutes: kills, load, wide files. They are run by hand, and no part of `.ci/run` until it is known how long they take. */
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
