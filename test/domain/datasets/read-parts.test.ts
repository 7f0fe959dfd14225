import { readParts } from '@tidemark/domain/datasets/read-parts.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { expect, it } from 'vitest';
import * as z from 'zod';

it('reads parts of several files in the dataset’s types, whichever comes first', async () => {
  const rows = await Database.with(512, async (database) => {
    const [older, newer] = [database.path('older.parquet'), database.path('newer.parquet')];
    await database.writeParquet(
      `SELECT 1::BIGINT AS delay, 'x' AS dropped, NULL::VARCHAR AS note, 'train' AS _split, 7::UBIGINT AS _row`,
      older,
    );
    await database.writeParquet(
      `SELECT 2.5::DOUBLE AS delay, 'late' AS note, 'holdout' AS _split, 8::UBIGINT AS _row`,
      newer,
    );
    const columns = [
      { name: 'note', type: 'string' },
      { name: 'delay', type: 'number' },
    ] as const;
    return database.rows(`FROM (${readParts([older, newer], columns)}) ORDER BY delay`, z.unknown());
  });

  expect(rows).toEqual([
    { note: null, delay: 1, _split: 'train', _row: '7' },
    { note: 'late', delay: 2.5, _split: 'holdout', _row: '8' },
  ]);
});
