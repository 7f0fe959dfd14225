import { writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { UnacceptableFileError } from '../../functions/ingest/data-finding.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';

const formats = ['csv', 'json-lines', 'parquet'] as const;
type Format = (typeof formats)[number];

/** A file of one column `x` beside a target, whose texts are these. */
async function write(database: Database, format: Format, texts: readonly string[]): Promise<string> {
  const path = database.path(`file-${format}`);
  const rows = texts.map((x, index) => ({ x, y: index % 2 === 0 ? 'yes' : 'no' }));
  if (format === 'csv') {
    await writeFile(path, `x,y\n${rows.map(({ x, y }) => `"${x}",${y}`).join('\n')}\n`);
  } else if (format === 'json-lines') {
    await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  } else {
    const values = rows.map(({ x, y }) => `(${literal(x)}, ${literal(y)})`).join(', ');
    await database.run(
      `COPY (SELECT * FROM (VALUES ${values}) AS t(x, y)) TO ${literal(path)} (FORMAT parquet)`,
    );
  }
  return path;
}

/** What becomes of such a file: the column's type and values, or the checks that reject it. */
function read(format: Format, texts: readonly string[], rules: object | undefined) {
  const columns = rules === undefined ? {} : { x: rules };
  const definition = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y', columns });
  return Database.with(1769, async (database) => {
    const path = await write(database, format, texts);
    try {
      const { part, columns: found } = await validateFile(database, path, definition, undefined);
      const rows = await database.rows(
        `SELECT x::VARCHAR AS x FROM read_parquet(${literal(part.path)})`,
        z.object({ x: z.string().nullable() }),
      );
      return { type: found.find(({ name }) => name === 'x')?.type, values: rows.map(({ x }) => x) };
    } catch (error) {
      if (error instanceof UnacceptableFileError)
        return error.problems.map(({ check, examples }) => ({ check, examples }));
      throw error;
    }
  });
}

describe.each(formats)('what a definition says of a column of a %s file', (format) => {
  it('makes codes text from the start', async () => {
    expect(await read(format, ['60601', '10001'], { type: 'text' })).toEqual({
      type: 'string',
      values: ['60601', '10001'],
    });
  });

  it('adds spellings of a missing value', async () => {
    expect(
      await read(format, ['40', 'None', ' ? ', '41'], { type: 'number', missing: ['None', '?'] }),
    ).toEqual({
      type: 'integer',
      values: ['40', null, null, '41'],
    });
    expect(await read(format, ['pro', 'None'], { missing: ['None'] })).toEqual({
      type: 'string',
      values: ['pro', null],
    });
    expect(await read(format, ['1', '-999'], { type: 'number', missing: [-999] })).toEqual({
      type: 'integer',
      values: ['1', null],
    });
  });

  it('rejects values of another type with their rows', async () => {
    expect(await read(format, ['40', 'None', '41'], { type: 'number' })).toEqual([
      { check: 'column-type', examples: [{ where: 'row 2', text: 'None' }] },
    ]);
  });

  it.each([
    ['epoch-seconds', '1767616200', '2026-01-05 12:30:00'],
    ['epoch-milliseconds', '1767616200500', '2026-01-05 12:30:00.5'],
    ['%Y%m%d', '20260105', '2026-01-05 00:00:00'],
    ['%d.%m.%Y', '5.1.2026', '2026-01-05 00:00:00'],
  ])('reads times in the format %s', async (timeFormat, text, time) => {
    expect(await read(format, [text, text], { type: 'time', format: timeFormat })).toEqual({
      type: 'timestamp',
      values: [time, time],
    });
  });

  it('takes 1 and 0 for true and false', async () => {
    expect(await read(format, ['1', '0'], { type: 'boolean' })).toEqual({
      type: 'boolean',
      values: ['true', 'false'],
    });
  });

  it('does not count blanks around texts', async () => {
    expect(await read(format, [' pro', 'pro\u00a0', ' ', 'plus'], undefined)).toEqual({
      type: 'string',
      values: ['pro', 'pro', null, 'plus'],
    });
  });
});

describe('a typed column of a Parquet file', () => {
  const typed = (sql: string, rules: object) =>
    Database.with(1769, async (database) => {
      const path = database.path('typed.parquet');
      await database.run(
        `COPY (SELECT * FROM (VALUES ${sql}) AS t(x, y)) TO ${literal(path)} (FORMAT parquet)`,
      );
      const definition = definitionSchema.parse({
        name: 'any',
        problem: 'binary',
        target: 'y',
        columns: { x: rules },
      });
      const { part, columns } = await validateFile(database, path, definition, undefined);
      const rows = await database.rows(
        `SELECT x::VARCHAR AS x FROM read_parquet(${literal(part.path)})`,
        z.object({ x: z.string().nullable() }),
      );
      return [columns.find(({ name }) => name === 'x')?.type, ...rows.map(({ x }) => x)];
    });

  it('is read as the type that the definition says', async () => {
    expect(await typed(`(1767616200, 'a'), (NULL, 'b')`, { type: 'time', format: 'epoch-seconds' })).toEqual([
      'timestamp',
      '2026-01-05 12:30:00',
      null,
    ]);
    expect(await typed(`(60601.0::DOUBLE, 'a'), (1.5, 'b')`, { type: 'text' })).toEqual([
      'string',
      '60601',
      '1.5',
    ]);
    expect(await typed(`(1, 'a'), (0, 'b')`, { type: 'boolean' })).toEqual(['boolean', 'true', 'false']);
    expect(await typed(`(1, 'a'), (-999, 'b')`, { missing: [-999] })).toEqual(['integer', '1', null]);
  });
});
