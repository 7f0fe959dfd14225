import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrowDurations } from '../../functions/ingest/arrow-durations.ts';
import { readParquet } from '../../functions/ingest/read-parquet.ts';

/** As pyarrow 26 writes it for `y` bool, `s`, `ms`, `us`, `ns` duration of that unit, `n` int64, `t` timestamp. */
const schema =
  '/////4ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAcAAAAoAQAA6AAAAMAAAACUAAAAaAAAADAAAAAEAAAABP///wAAAQoQAAAAFAAAAAQAAAAAAAAAAQAAAHQAAAAy////AAADACz///8AAAECEAAAABwAAAAEAAAAAAAAAAEAAABuAAAACAAMAAgABwAIAAAAAAAAAUAAAABg////AAABEhAAAAAUAAAABAAAAAAAAAACAAAAbnMAAI7///8AAAMAiP///wAAARIQAAAAFAAAAAQAAAAAAAAAAgAAAHVzAAC2////AAACALD///8AAAESEAAAABQAAAAEAAAAAAAAAAIAAABtcwAAoP///9T///8AAAESEAAAABgAAAAEAAAAAAAAAAEAAABzAAYACAAGAAYAAAAAAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEGEAAAABgAAAAEAAAAAAAAAAEAAAB5AAAABAAEAAQAAAA=';

it('durations are found in what Arrow writes into a Parquet file, with their units', () => {
  expect([...arrowDurations(schema)]).toEqual([
    ['s', 'seconds'],
    ['ms', 'milliseconds'],
    ['us', 'microseconds'],
    ['ns', 'nanoseconds'],
  ]);
});

it('no durations are found, and nothing fails, where that is broken', () => {
  const bytes = Buffer.from(schema, 'base64');
  const changed = fc
    .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of changes) copy[at] = byte;
      return copy;
    });
  const cut = fc.nat(bytes.length).map((length) => bytes.subarray(0, length));
  const any = fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some));

  fc.assert(
    fc.property(fc.oneof(changed, cut, any), (some) => {
      expect(arrowDurations(some.toString('base64')).size).toBeLessThanOrEqual(some.length);
    }),
    { numRuns: 2000 },
  );
  expect(arrowDurations('no base64 !').size).toBe(0);
});

it.each([
  [
    schema,
    [
      '1 column of durations, `us`, is read as whole numbers of microseconds.',
      '1 column of durations, `ns`, is read as whole numbers of nanoseconds.',
    ],
  ],
  ['broken', []],
])('a Parquet file with durations is read with a note of what its numbers are', async (said, expected) => {
  const notes = await Database.with(512, async (database) => {
    const path = database.path('file.parquet');
    await database.run(
      `COPY (SELECT true AS y, 1::BIGINT AS us, 2::BIGINT AS ns, 3::BIGINT AS n) TO ${literal(path)}
       (FORMAT parquet, KV_METADATA { 'other': 'x', 'ARROW:schema': ${literal(said)} })`,
    );
    return (await readParquet(database, path, { isUsed: () => true, listsFeatures: false, times: [] })).notes;
  });

  expect(notes).toEqual(expected);
});
