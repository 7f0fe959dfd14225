import { createRequire } from 'node:module';
import { sep } from 'node:path';

const resolved = createRequire(import.meta.url).resolve('@duckdb/node-api/package.json');

/** The project's `node_modules`: the packages of its Lambda layers, built for this machine. */
export const layerModules = resolved.slice(0, resolved.lastIndexOf(`${sep}@duckdb${sep}`));
