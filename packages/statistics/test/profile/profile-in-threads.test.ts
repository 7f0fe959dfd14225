import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileCsv } from '../../profile/profile-csv.ts';
import { profileCsvInThreads, type StartThread } from '../../profile/profile-in-threads.ts';
import { recordRanges } from '../../profile/record-ranges.ts';
import { threadsFrom } from './thread-file.ts';

let directory: string;
let startThread: StartThread;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'profile-threads-'));
  startThread = threadsFrom(join('build', 'profile-threads'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the parts of a CSV file', () => {
  it('start with records, whatever stands in quotes, and are all of it', async () => {
    const path = join(directory, 'parts.csv');
    const field = fc.oneof(
      fc.constantFrom('1', 'plain', '""', '"a\nb"', '"""\n"""', '"\n\n"'),
      fc.stringMatching(/^[a-z]{0,9}$/),
    );
    const record = fc.array(field, { minLength: 2, maxLength: 3 }).map((fields) => `${fields.join(',')}\n`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (records, parts) => {
          await writeFile(path, records.join(''));
          const starts = records.map((_, index) => records.slice(0, index).join('').length);
          const size = records.join('').length;

          const ranges = await recordRanges(path, 0, parts);

          expect(ranges.length).toBeLessThanOrEqual(parts);
          expect(ranges[0]?.start).toBe(0);
          expect(ranges.at(-1)?.end).toBe(size);
          for (const [index, { start, end }] of ranges.entries()) {
            expect(starts).toContain(start);
            expect(ranges[index + 1]?.start ?? size).toBe(end);
          }
        },
      ),
    );
  });
});

describe('a CSV file that several threads read', () => {
  const write = async (name: string, lines: readonly string[]) => {
    const path = join(directory, name);
    await writeFile(path, `${lines.join('\n')}\n`);
    return path;
  };

  it('has the profile that one would have made, and types that all parts agree on', async () => {
    const path = await write('two.csv', [
      'number,text,late',
      ...Array.from({ length: 5000 }, (_, row) => `${row % 700},"value ${row % 90}",`),
      '0.5,x,2026-03-01',
    ]);

    const [one, two] = [await profileCsv(path), await profileCsvInThreads(path, 2, startThread)];

    const exact = ({ rows, columns }: typeof one) => ({
      rows,
      columns: columns.map(({ quantiles, moments, ...column }) => column),
    });
    expect(exact(two)).toEqual(exact(one));
    expect(two.columns.map(({ type }) => type)).toEqual(['number', 'string', 'timestamp']);
  });

  it('is refused by the line, whichever part has it', async () => {
    const path = await write('ragged.csv', ['a,b', ...Array<string>(5000).fill('1,2'), '3']);

    await expect(profileCsvInThreads(path, 2, startThread)).rejects.toThrow('Line 5002 has fewer fields');
  });
});
