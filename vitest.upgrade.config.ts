import { defineConfig } from 'vitest/config';

/** `npm run test:upgrade`: the present sources are deployed over the last release, whose executions are halted in every state. */
export default defineConfig({
  test: {
    name: 'upgrade',
    include: ['test/upgrade/{other-format,upgrade}.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    setupFiles: ['test/support/quiet-invocations.ts'],
    pool: 'forks',
    // Each keeps the machine busy by itself.
    maxWorkers: 1,
    reporters: ['verbose'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // On a machine that does other things besides; nothing here asserts a duration.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
