import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    // Processes, not threads: DuckDB and the WebAssembly builds keep per-process state.
    pool: 'forks',
    // One a core; vitest would keep a core for itself, which on two cores is half the machine.
    maxWorkers: availableParallelism(),
    // What the AWS SDK thinks of Node.js 20 is no news in every test file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // A full loop through the local region bundles, synthesises and trains; nothing here asserts a duration.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Nor may a busy machine fail a test that waits for something to happen.
    expect: { poll: { timeout: 60_000 } },
  },
});
