import { createRequire } from 'node:module';
import { sep } from 'node:path';

const resolved = createRequire(import.meta.url).resolve('@duckdb/node-api/package.json');

/** The project's `node_modules`: what Lambda layers hold in AWS, built for this machine. */
export const hostNodeModules = resolved.slice(0, resolved.lastIndexOf(`${sep}@duckdb${sep}`));
