import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Profile } from '@tidemark/statistics/profile/profile.schema.ts';
import { profileFile } from '@tidemark/statistics/profile/profile-file.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { validateFile } from '../../functions/ingest/validate-file.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'validated-profile-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const cells = [
  ...[
    '1',
    '-12',
    '0',
    '-0',
    '007',
    '+5',
    '1.50',
    '.5',
    '5.',
    '1e5',
    '12345678901234567890',
    '0.1',
    ' 12 ',
    '1_000',
  ],
  ...['true', 'FALSE', 'True', 'yes'],
  ...[
    '2026-03-01',
    '2026-03-01 10:00:00',
    '2026-03-01T10:00:00.250Z',
    '2026/3/1',
    '2026-02-30',
    '2026-03-01T10:00:00+02:00',
  ],
  ...[
    '',
    'NA',
    'NULL',
    'nan',
    '"NA"',
    '""',
    'abc',
    '"a,b"',
    '"q""q"',
    '"two\nlines"',
    'Zürich',
    '日本',
    '1,5'.replace(',', ';'),
  ],
];

it('the profile of a CSV file is the one that its validation makes', async () => {
  const definition = definitionSchema.parse({
    name: 'same',
    problem: 'regression',
    target: { column: 'y' },
  });
  // Columns of few spellings each: with many, all would be text. The same ones in every run, as a file takes DuckDB seconds.
  const some = fc.uniqueArray(fc.constantFrom(...cells), { minLength: 1, maxLength: 3 });
  const columns = fc.sample(some, { numRuns: 40, seed: 42 });
  const rows = Array.from({ length: 7 }, (_, row) => [
    ...columns.map((spellings) => spellings[row % spellings.length] ?? ''),
    `${row}.5`,
  ]);
  const lines = [[...columns.keys()].map((index) => `c${index}`).concat('y'), ...rows];
  const path = join(directory, 'same.csv');
  await writeFile(path, lines.map((line) => `${line.join(',')}\n`).join(''));

  const profile = await profileFile(path, 'csv');
  // It deletes the file when it has read it.
  const validated = await Database.with(
    1769,
    (database) => validateFile(database, path, definition, undefined),
    [directory],
  );

  expect(withoutSketches(profile)).toEqual(withoutSketches(validated.profile));
});

function withoutSketches({ rows, columns }: Profile) {
  return { rows, columns: columns.map(({ quantiles, ...column }) => ({ ...column, n: quantiles?.n })) };
}
