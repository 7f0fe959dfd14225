import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: DuckDB and the WebAssembly builds keep per-process state.
    pool: 'forks',
    // A full loop through the local region bundles, synthesises and trains; nothing here asserts a duration.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
