import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { wideFormats, writeWideFile } from '../../bench/wide-file.ts';
import { columnsWithType } from '../../functions/ingest/schema-rules.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { fitData, writeSplits } from '../../functions/train/prepare-data.ts';
import { sweep } from '../support/sweep.ts';

/** Of the functions that validate and prepare. */
const memoryMegabytes = 1769;
const rows = 300;
const definition = definitionSchema.parse({ name: 'wide', problem: 'binary', target: 'late' });

/** A column of each kind in turn; beyond 200 they are written and hashed in groups. */
const columns = 210;
const types = ['number', 'integer', 'boolean', 'timestamp', 'string'];

describe('a file of many columns is validated and prepared within the functions’ memory', () => {
  // Every type, and 2,000 columns, in `test/long`.
  it.each(sweep(wideFormats, { size: 1 }))('%s', async (format) => {
    await Database.with(memoryMegabytes, async (database) => {
      const path = database.path('wide-file');
      await writeWideFile(database, path, { columns, rows, kind: 'mixed', format });

      const { columns: found, part } = await validateFile(database, path, definition, undefined);

      expect(part.rows).toBe(rows);
      expect(found).toHaveLength(columns + 1);
      expect([...new Set(found.slice(1).map(({ type }) => type))]).toEqual(types);

      const local = { columns: columnsWithType(found), partPaths: [part.path] };
      const fitted = await fitData(database, definition, local);
      const files = await writeSplits(database, local, fitted.encoding);
      expect(files.bytes).toBeGreaterThan(0);
    });
  });
});
