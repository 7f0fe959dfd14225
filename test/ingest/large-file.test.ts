import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import * as z from 'zod';

const measuredSchema = z.object({ fileMegabytes: z.number(), rows: z.number(), peakMegabytes: z.number() });

it('a large file is streamed: memory stays within the function’s, whatever the file’s size', async () => {
  // In a process of its own. With `--megabytes 1000` the same script takes 1 GB, with `--memory 1769` the function's memory.
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', 'bench/large-file.ts'],
    ...['--megabytes', '100', '--memory', '320'],
  ]);

  const { fileMegabytes, rows, peakMegabytes } = measuredSchema.parse(JSON.parse(stdout));
  expect(fileMegabytes).toBeGreaterThanOrEqual(100);
  expect(rows).toBeGreaterThan(1_000_000);
  // DuckDB's 160 MB, its reading and writing buffers, and Node.js with the TypeScript loader, some 200 MB. Twice the file needs 20 MB
  // more. Who held the text (100 MB) and its 1.4 million rows of seven values (16 bytes each, and their characters again) would need
  // 360 MB besides Node.js's 200.
  expect(peakMegabytes).toBeLessThan(500);
});
