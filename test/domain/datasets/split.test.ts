import { splitByHash, splitByTime } from '@tidemark/domain/datasets/split.ts';
import { Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const counts = z.object({ side: z.string(), rows: wholeNumber });

async function sidesOf(sql: string): Promise<Record<string, number>> {
  const rows = await Database.with(512, (database) => database.rows(sql, counts));
  return Object.fromEntries(rows.map(({ side, rows: count }) => [side, count]));
}

describe('a split by hash', () => {
  it.each([
    { validation: 0.15, holdout: 0.15 },
    { validation: 0.05, holdout: 0.4 },
    { validation: 0.3, holdout: 0.07 },
  ])('gives $validation to validation and $holdout to the hold-out', async (shares) => {
    const rows = 200_000;

    const sides = await sidesOf(
      `SELECT ${splitByHash(shares)} AS side, count(*) AS rows
       FROM (SELECT md5_number_lower(i::VARCHAR) AS _row FROM range(${rows}) t(i)) GROUP BY side`,
    );

    // Five standard deviations of a binomial share: one wrong alarm in a million.
    const tolerance = (share: number) => 5 * Math.sqrt((share * (1 - share)) / rows);
    for (const side of ['validation', 'holdout'] as const) {
      const off = Math.abs((sides[side] ?? 0) / rows - shares[side]);
      expect(off).toBeLessThan(tolerance(shares[side]));
    }
  });

  it('holds at the ends of the range of hashes', async () => {
    const sides = await sidesOf(
      `SELECT ${splitByHash({ validation: 0.1, holdout: 0.1 })} AS side, count(*) AS rows
       FROM (SELECT unnest([0::UBIGINT, 18446744073709551615::UBIGINT]) AS _row) GROUP BY side`,
    );

    expect(sides).toEqual({ holdout: 1, train: 1 });
  });
});

it('a split by time puts each cut’s own instant before the cut', async () => {
  const cuts = { train: '2026-01-05 00:00:00', validation: '2026-01-08 00:00:00' };

  const sides = await sidesOf(
    `SELECT ${splitByTime('when', cuts)} AS side, count(*) AS rows
     FROM (SELECT TIMESTAMP '2026-01-01' + to_days(i::INTEGER) AS "when" FROM range(10) t(i)) GROUP BY side`,
  );

  expect(sides).toEqual({ train: 5, validation: 3, holdout: 2 });
});
