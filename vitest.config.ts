import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that run handlers, jobs, whole workflows, the whole region or simulations: `npm test` runs them, `npm run check` does not. */
const wholeRuns = [
  'test/{closed-,}loop*.test.ts',
  'test/company-settings.test.ts',
  'test/values-stay-out.test.ts',
  'test/laptop/{start,start-killed,start-orphaned}.test.ts',
  'test/laptop/start/synthesis.test.ts',
  'test/region/{deleted-by-hand,recreated-workflow,region,withheld-permissions}.test.ts',
  'packages/region/test/{durability,updated-workflow}.test.ts',
  'test/**/*.lambda.test.ts',
  'test/ingest/{large-file,many-files,wide-files,columns-named-as-in-sql,unused-columns}.test.ts',
  'packages/statistics/test/metrics/coverage.test.ts',
  'test/infra/bundle.test.ts',
  'test/support/assembly.test.ts',
  'test/tools/one-case.test.ts',
  'test/train/prepare-data.test.ts',
  'packages/region/test/services/sagemaker/*.test.ts',
  'packages/region/test/examples/*.test.ts',
  'packages/xgboost/test/training.test.ts',
];

/** Tests of machines in a region of `test/support/installed-region.ts`: `npm test` runs them, `npm run check` does not. */
const workflowRuns = [
  'test/{capture,deploy,ingest,labels,monitor,onboard,retrain,train}/*-workflow*.test.ts',
  'test/faults/*.test.ts',
  'test/ingest/{bad-files,good-files,interleavings}.test.ts',
];

/** Minutes each: `npm run test:long` and `npm run test:upgrade` run them, by `vitest.long.config.ts` and `vitest.upgrade.config.ts`. */
const longRuns = ['test/long/**/*.test.ts', 'test/upgrade/{other-format,upgrade}.test.ts'];

export default defineConfig({
  test: {
    // Of a module that has not changed, the next run finds the JavaScript there.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'build/vitest' },
    globalSetup: ['test/support/temporary-folder.ts'],
    // One more than cores, as whole runs wait a good deal; vitest would keep a core for itself, which on two is half the machine.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // Unit tests keep nothing in modules, so their files share a process: loading the SDK anew for each took a third of the time.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{test,packages}/**/*.test.ts'],
          exclude: [...wholeRuns, ...workflowRuns, ...longRuns],
          isolate: false,
        },
      },
      // Handlers are loaded once a process, and each file's region takes the place of the one before.
      {
        extends: true,
        test: {
          name: 'workflow',
          include: workflowRuns,
          setupFiles: ['test/support/quiet-invocations.ts'],
          isolate: false,
        },
      },
      // Whole runs load handlers, whose clients are made once a process, for the region that it belongs to.
      {
        extends: true,
        test: {
          name: 'whole',
          include: wholeRuns,
          exclude: longRuns,
          setupFiles: ['test/support/quiet-invocations.ts'],
        },
      },
    ],
    // Processes, not threads: DuckDB and the WebAssembly builds keep per-process state.
    pool: 'forks',
    // What the AWS SDK thinks of Node.js 20 is no news in every test file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // A full loop through the local region bundles, synthesises and trains; nothing here asserts a duration.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // Nor may a busy machine fail a test that waits for something to happen.
    expect: { poll: { timeout: 60_000 } },
  },
});
