import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Database } from '../../functions/datasets/duckdb.client.ts';
import type { ColumnType } from '../../functions/datasets/manifest.schema.ts';
import { mergeProfiles, profileOf } from '../../functions/profile/profile.ts';
import {
  type ColumnProfile,
  type Profile,
  profileSchema,
} from '../../functions/profile/relation-profile.schema.ts';

/** The profile of one column `x` of these SQL values. */
async function profileOfValues(type: ColumnType | null, values: readonly string[]): Promise<ColumnProfile> {
  const rows = values.map((value) => `(${value})`).join(', ');
  const profile = await Database.with(512, (database) =>
    profileOf(database, `(VALUES ${rows}) AS t(x)`, [{ name: 'x', type }]),
  );
  const [column] = profileSchema.parse(profile).columns;
  if (column === undefined) throw new Error('no column');
  return column;
}

describe('a profile', () => {
  it('of numbers has their extremes, mean, deviation and quantiles, without the missing ones', async () => {
    const column = await profileOfValues('number', ['1.0', '2.0', '4.0', 'NULL', '5.0']);

    expect(column).toMatchObject({
      rows: 5,
      missing: 1,
      distinct: 4,
      minimum: 1,
      maximum: 5,
      mean: 3,
      earliest: null,
      top: [],
    });
    // Sum of squares 4 + 1 + 1 + 4 over n - 1 = 3.
    expect(column.standardDeviation).toBeCloseTo(Math.sqrt(10 / 3), 12);
    expect(column.quantiles.find(({ share }) => share === 0.5)?.value).toBeCloseTo(3, 6);
  });

  it('of integers holds those that a double cannot, as near as it can', async () => {
    const column = await profileOfValues('integer', ['9223372036854775807', '-9223372036854775808']);

    expect(column).toMatchObject({ minimum: -(2 ** 63), maximum: 2 ** 63, distinct: 2 });
  });

  it('of text has the most frequent values first, and those of equal frequency by name', async () => {
    const column = await profileOfValues('string', ["'b'", "'a'", "'c'", "'c'", 'NULL', "'O''Hare'"]);

    expect(column).toMatchObject({
      missing: 1,
      distinct: 4,
      minimum: null,
      top: [
        { value: 'c', rows: 2 },
        { value: "O'Hare", rows: 1 },
        { value: 'a', rows: 1 },
        { value: 'b', rows: 1 },
      ],
    });
  });

  it('of truth values and of times has what they have', async () => {
    expect(await profileOfValues('boolean', ['true', 'true', 'false', 'NULL'])).toMatchObject({
      missing: 1,
      distinct: 2,
      top: [
        { value: 'true', rows: 2 },
        { value: 'false', rows: 1 },
      ],
    });
    expect(
      await profileOfValues('timestamp', [
        "TIMESTAMP '2026-03-01 12:00:00.5'",
        "TIMESTAMP '2025-01-01'",
        'NULL',
      ]),
    ).toMatchObject({ missing: 1, earliest: '2025-01-01T00:00:00.000Z', latest: '2026-03-01T12:00:00.500Z' });
  });

  it('of a column without values says so', async () => {
    expect(await profileOfValues(null, ['NULL', 'NULL'])).toMatchObject({
      type: null,
      rows: 2,
      missing: 2,
      distinct: 0,
    });
    expect(await profileOfValues('number', ['NULL::DOUBLE'])).toMatchObject({
      missing: 1,
      minimum: null,
      mean: null,
      standardDeviation: null,
      quantiles: [],
    });
  });

  it('counts up to some ten thousand different values exactly, and estimates more', async () => {
    const distinctOf = (values: number) =>
      Database.with(512, async (database) => {
        const relation = `(SELECT i % ${values} AS x FROM range(60000) t(i))`;
        return (
          (await profileOf(database, relation, [{ name: 'x', type: 'integer' }])).columns[0]?.distinct ?? 0
        );
      });

    expect(await distinctOf(28)).toBe(28);
    expect(await distinctOf(5000)).toBe(5000);
    expect(Math.abs((await distinctOf(60_000)) / 60_000 - 1)).toBeLessThan(0.1);
  });

  it('reads names that need quotes, and more columns than one query takes', async () => {
    const names = Array.from({ length: 120 }, (_, index) =>
      index === 7 ? 'a "quoted", name' : `column ${index}`,
    );
    const select = names.map((name, index) => `${index} AS "${name.replaceAll('"', '""')}"`).join(', ');

    const profile = await Database.with(512, (database) =>
      profileOf(
        database,
        `(SELECT ${select})`,
        names.map((name) => ({ name, type: 'integer' as const })),
      ),
    );

    expect(profile.columns.map(({ name, minimum }) => [name, minimum])).toEqual(
      names.map((name, index) => [name, index]),
    );
  });
});

describe('merged profiles', () => {
  it('are what the profile of all rows is, estimates apart', async () => {
    const value = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null });
    const pieces = fc.array(fc.array(value, { minLength: 1, maxLength: 30 }), { minLength: 2, maxLength: 4 });
    const sqlOf = (number: number | null) => (number === null ? 'NULL::DOUBLE' : `${number}::DOUBLE`);

    await fc.assert(
      fc.asyncProperty(pieces, async (some) => {
        const whole = await profileOfValues('number', some.flat().map(sqlOf));
        const parts: Profile[] = [];
        for (const piece of some) {
          parts.push({ rows: piece.length, columns: [await profileOfValues('number', piece.map(sqlOf))] });
        }

        const merged = mergeProfiles(parts);

        const [column] = merged.columns;
        expect(merged.rows).toBe(some.flat().length);
        expect(column).toMatchObject({
          rows: whole.rows,
          missing: whole.missing,
          minimum: whole.minimum,
          maximum: whole.maximum,
        });
        expectClose(column?.mean, whole.mean, 1e6);
        expectClose(column?.standardDeviation, whole.standardDeviation, 1e6);
      }),
      { numRuns: 15 },
    );
  });

  it('of one is that one, with its estimates', async () => {
    const column = await profileOfValues('string', ["'a'", "'b'"]);
    const profile = { rows: 2, columns: [column] };

    expect(mergeProfiles([profile])).toEqual(profile);
  });

  it('have the wider type, and the type of those that know one', () => {
    const column = (type: ColumnType | null): ColumnProfile => ({
      name: 'x',
      type,
      rows: 1,
      missing: 1,
      distinct: 0,
      minimum: null,
      maximum: null,
      mean: null,
      standardDeviation: null,
      earliest: null,
      latest: null,
      quantiles: [],
      top: [],
    });
    const typeOf = (...types: (ColumnType | null)[]) =>
      mergeProfiles(types.map((type) => ({ rows: 1, columns: [column(type)] }))).columns[0]?.type;

    expect(typeOf('integer', 'number')).toBe('number');
    expect(typeOf('number', 'integer')).toBe('number');
    expect(typeOf(null, 'timestamp', null)).toBe('timestamp');
  });
});

/** Equal to twelve digits of the values' own size: the order of additions differs. */
function expectClose(found: number | null | undefined, wanted: number | null, size: number): void {
  if (wanted === null) expect(found).toBeNull();
  else expect(Math.abs((found ?? Number.NaN) - wanted)).toBeLessThan(size * 1e-9);
}
