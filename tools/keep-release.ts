import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { synthesise } from '../laptop/start/synthesis.ts';
import { keptFile, keptFiles, pack } from '../test/upgrade/kept-release.ts';

/**
 * Keeps the present sources as the last release, over which `npm run test:upgrade` deploys what comes after:
 *
 *   npx tsx tools/keep-release.ts
 *
 * The same sources and the same Node.js give the same bytes.
 */
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
const assemblyDirectory = 'build/kept-release';
await synthesise({ projectDirectory: process.cwd(), assemblyDirectory });
const bytes = pack(assemblyDirectory);
for (const former of keptFiles()) rmSync(join('test/upgrade', former));
writeFileSync(keptFile(version), bytes);
console.log(`${keptFile(version)}: ${Math.ceil(bytes.length / 1024)} KiB`);
