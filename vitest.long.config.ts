import { defineConfig } from 'vitest/config';

/** Of these `npm test` runs a sample: `test/support/sweep.ts`. */
export const sweeps = [
  'test/ingest/bad-files.test.ts',
  'test/ingest/columns-named-as-in-sql.test.ts',
  'test/ingest/ingest-workflow-content.test.ts',
  'test/ingest/interleavings.test.ts',
  'test/ingest/unused-columns.test.ts',
  'test/ingest/wide-files.test.ts',
];

/** Runs that take minutes each: kills, load, throttling, wide files. `.ci/run` has them short; `LONG=full` is for a night: `CONTRIBUTING.md`. */
export default defineConfig({
  test: {
    name: 'long',
    include: ['test/long/**/*.test.ts', ...sweeps],
    globalSetup: ['test/support/temporary-folder.ts'],
    setupFiles: ['test/support/quiet-invocations.ts'],
    pool: 'forks',
    // Each keeps the machine busy by itself, and some look at what a busy machine does.
    maxWorkers: 1,
    // Tells of each test when it is over.
    reporters: ['verbose'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', SWEEP: 'whole' },
    // On a machine that does other things besides; nothing here asserts a duration.
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
