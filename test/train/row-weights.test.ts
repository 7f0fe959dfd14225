import { readFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { hyperparameters } from '../../functions/train/job-hyperparameters.ts';
import { fitData, writeSplits } from '../../functions/train/prepare-data.ts';

const definition = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y', weight: 'w' });

async function prepare(weight: string, type: Column['type'] = 'number') {
  return Database.with(1769, async (database) => {
    const path = database.path('part.parquet');
    await database.writeParquet(
      `SELECT hash(i, 5) % 3 = 0 AS y, (${weight}) AS w, (hash(i) % 97)::BIGINT AS x, ['train', 'validation', 'holdout'][i % 3 + 1] AS _split,
       i::UBIGINT AS _row FROM (SELECT (i * 7) % 1009 AS i FROM range(900) t(i))`,
      path,
    );
    const columns: Column[] = [
      { name: 'y', type: 'boolean' },
      { name: 'w', type },
      { name: 'x', type: 'integer' },
    ];
    const data = { columns, partPaths: [path] };
    const fitted = await fitData(database, { ...definition, target: { column: 'y' } }, data);
    const files = await writeSplits(database, data, fitted.encoding, definition.weight);
    const read = async (file: string) =>
      (await readFile(file, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    return {
      ...fitted,
      train: await read(files.train),
      validation: await read(files.validation),
      holdout: await read(files.holdoutFeatures),
    };
  });
}

describe('the weight of a row', () => {
  it('follows the label in the files that are trained on and watched, and is in no file that is scored', async () => {
    const { train, validation, holdout, encoding, findings, notes } = await prepare('2.5');

    expect(encoding.encodedColumns).toEqual(['x', 'x (again)']);
    for (const rows of [train, validation]) {
      expect(rows.every((fields) => fields.length === 4 && fields[1] === '2.5')).toBe(true);
    }
    expect(holdout.every((fields) => fields.length === 2)).toBe(true);
    expect(findings).toMatchObject([{ column: 'w', code: 'weight' }]);
    expect(notes).toContainEqual(expect.stringContaining('count every row once'));
  });

  it('that is missing is the average of the training rows', async () => {
    const { train, notes } = await prepare('CASE WHEN i % 2 = 0 THEN 3.0 END');

    expect(new Set(train.map(([, weight]) => weight))).toEqual(new Set(['3']));
    expect(notes).toContainEqual(expect.stringMatching(/\d+ training rows have no `w`/));
  });

  it.each([
    {
      title: 'negative',
      weight: 'CASE WHEN i = 7 THEN -1.0 ELSE 1.0 END',
      told: /negative in 1 (training|validation) rows/,
    },
    { title: '0 in every row', weight: '0.0', told: /No training row has a weight `w` above 0/ },
    { title: 'missing in every row', weight: 'NULL::DOUBLE', told: /No training row/ },
  ])('may not be $title', async ({ weight, told }) => {
    await expect(prepare(weight)).rejects.toThrow(told);
  });

  it('must be a number', async () => {
    await expect(prepare(`'heavy'`, 'string')).rejects.toThrow(/of type string and not a number/);
  });

  it('is announced to XGBoost, and not without one', () => {
    expect(hyperparameters(definition, 2).csv_weights).toBe('1');
    expect(hyperparameters({ ...definition, weight: undefined }, 2)).not.toHaveProperty('csv_weights');
  });
});
