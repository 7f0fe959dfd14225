import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import * as z from 'zod';

const measuredSchema = z.object({
  files: z.number(),
  resultMegabytes: z.number(),
  mostProfilesHeld: z.number(),
});

it('many files are judged in memory that does not grow with them', async () => {
  // In a process of its own. 10,000 files take 5 GB of results, and no more memory; see docs/performance.md.
  const { stdout } = await promisify(execFile)(process.execPath, [
    // What is held takes some 80 MB. Who held all profiles, some 3 MB each, would need 300 MB.
    '--max-old-space-size=200',
    ...['--import', 'tsx', 'bench/many-files.ts', '--files', '100'],
  ]);

  expect(measuredSchema.parse(JSON.parse(stdout))).toMatchObject({ files: 100, mostProfilesHeld: 13 });
});
