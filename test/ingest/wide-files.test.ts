import { describe, expect, it } from 'vitest';
import { wideFormats, writeWideFile } from '../../bench/wide-file.ts';
import { Database } from '../../functions/datasets/duckdb.client.ts';
import { definitionSchema } from '../../functions/definition/definition.schema.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';

/** Of the function that validates. */
const memoryMegabytes = 1769;
const definition = definitionSchema.parse({ name: 'wide', problem: 'binary', target: 'late' });

describe('a file of many columns is validated within the function’s memory', () => {
  it.each(wideFormats)('%s', async (format) => {
    await Database.with(memoryMegabytes, async (database) => {
      const path = database.path('wide-file');
      await writeWideFile(database, path, { columns: 200, rows: 300, kind: 'number', format });

      const { columns, part } = await validateFile(database, path, definition, undefined);

      expect(part.rows).toBe(300);
      expect(columns).toHaveLength(201);
      expect(new Set(columns.slice(1).map(({ type }) => type))).toEqual(new Set(['number']));
    });
  });
});
