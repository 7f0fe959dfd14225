import { writeFile } from 'node:fs/promises';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHoldout, readScores, readTimes } from '../../functions/train/holdout.ts';
import { chooseSmokeRows, markMissing, readSmokeRows } from '../../functions/train/smoke-rows.ts';

async function withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  return Database.with(512, async (database) => {
    const path = database.path('file.txt');
    await writeFile(path, text);
    return use(path);
  });
}

describe('the hold-out', () => {
  it('is read in the order of its file, with the rows of each segment', () =>
    Database.with(512, async (database) => {
      const path = database.path('rows.parquet');
      await database.writeParquet(
        `SELECT (i % 3)::DOUBLE AS _label, CASE WHEN i % 4 = 0 THEN NULL ELSE 'o' || i % 2 END AS origin, i % 2 = 0 AS even FROM range(5000) t(i)`,
        path,
      );

      const { labels, segments } = await readHoldout(database, path, ['origin', 'even']);

      expect(labels).toHaveLength(5000);
      expect([...labels.subarray(0, 5)]).toEqual([0, 1, 2, 0, 1]);
      expect(segments.get('origin')?.get(null)?.slice(0, 3)).toEqual([0, 4, 8]);
      expect(segments.get('origin')?.get('o1')?.at(-1)).toBe(4999);
      expect([...(segments.get('even')?.keys() ?? [])].sort()).toEqual(['false', 'true']);
    }));
});

describe('the times of the hold-out', () => {
  it('are milliseconds in the order of its file; what is no time is NaN', () =>
    Database.with(512, async (database) => {
      const path = database.path('rows.parquet');
      await database.writeParquet(
        `SELECT CASE WHEN i = 2 THEN NULL ELSE TIMESTAMP '2026-03-01 00:00:00' - INTERVAL (i) HOUR END AS date, 'late' AS text FROM range(4) t(i)`,
        path,
      );
      const first = Date.UTC(2026, 2, 1);

      expect([...(await readTimes(database, path, 'date'))]).toEqual([
        first,
        first - 3_600_000,
        Number.NaN,
        first - 3 * 3_600_000,
      ]);
      expect([...(await readTimes(database, path, 'text'))]).toEqual(new Array(4).fill(Number.NaN));
    }));
});

describe('scores', () => {
  it('are one number per line, whatever ends a line and wherever two payloads meet', async () => {
    const scores = await withFile('0.5\n0.25\r\n\n1e-05\n', (path) => readScores(path, 3, 1));

    expect([...scores]).toEqual([0.5, 0.25, 0.00001]);
  });

  it('are a number per class, also as XGBoost prints them', async () => {
    const scores = await withFile('[0.5, 0.25, 0.25]\n0.1,0.2,0.7\n', (path) => readScores(path, 2, 3));

    expect([...scores]).toEqual([0.5, 0.25, 0.25, 0.1, 0.2, 0.7]);
  });

  it.each([
    { text: '0.5\n', rows: 2, width: 1, message: /answered 1 lines for 2 hold-out rows/ },
    { text: '0.5\n0.5\n0.5\n', rows: 2, width: 1, message: /answered 3 lines for 2/ },
    {
      text: '2\n',
      rows: 1,
      width: 3,
      message: /answered 1 numbers for a row; 3 are expected\. .* multi:softprob/,
    },
    { text: '0.5,0.5\n', rows: 1, width: 1, message: /2 numbers for a row; 1 are expected/ },
    { text: 'nan\n', rows: 1, width: 1, message: /not a number/ },
  ])('$text are refused', async ({ text, rows, width, message }) => {
    await expect(withFile(text, (path) => readScores(path, rows, width))).rejects.toThrow(message);
  });
});

describe('rows for the proof', () => {
  it('are spread over the scores, lowest and highest included, with some that miss values', () => {
    const scores = Float64Array.from({ length: 1000 }, (_, row) => ((row * 7919) % 1000) / 1000);
    const hasMissing = Uint8Array.from(scores, (_, row) => (row % 100 === 5 ? 1 : 0));

    const chosen = chooseSmokeRows(scores, hasMissing);

    const chosenScores = chosen.map((row) => scores[row] ?? 0);
    expect(Math.min(...chosenScores)).toBe(0);
    expect(Math.max(...chosenScores)).toBe(0.999);
    expect(chosen.filter((row) => hasMissing[row] === 1).length).toBeGreaterThanOrEqual(5);
    expect(chosen.length).toBeLessThanOrEqual(20);
  });

  it('are each there once, in order, and as many as there are if there are few', () => {
    const scores = fc.float64Array({ min: 0, max: 1, noNaN: true, minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.infiniteStream(fc.constantFrom(0, 1)), (values, flags) => {
        const hasMissing = Uint8Array.from(values, () => flags.next().value ?? 0);

        const chosen = chooseSmokeRows(values, hasMissing);

        expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
        expect(chosen.length).toBeGreaterThanOrEqual(Math.min(values.length, 15));
        expect(chosen.every((row) => row < values.length)).toBe(true);
      }),
    );
  });

  it('hold the line of features and the numbers that were answered', async () => {
    const text = '1,2\n,3\n4,\n,\n5,6\n';

    const { missing, rows } = await withFile(text, async (path) => ({
      missing: await markMissing(path, 5),
      rows: await readSmokeRows(path, [1, 4], Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 2),
    }));

    expect([...missing]).toEqual([0, 1, 1, 1, 0]);
    expect(rows).toEqual([
      { features: ',3', prediction: [2, 3] },
      { features: '5,6', prediction: [8, 9] },
    ]);
  });
});
