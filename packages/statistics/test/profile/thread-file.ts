import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { StartThread } from '../../profile/profile-in-threads.ts';

/**
 * Bundles the thread's file into the directory: a thread of Node.js 20 cannot load TypeScript.
 * @param directory within the project, as DuckDB is loaded from its packages
 * @returns what starts threads with it
 */
export function threadsFrom(directory: string): StartThread {
  const outfile = resolve(directory, 'profile-thread.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('../../profile/profile-thread.client.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@duckdb/*'],
    logLevel: 'warning',
  });
  return (workerData) => new Worker(outfile, { workerData, execArgv: [] });
}
